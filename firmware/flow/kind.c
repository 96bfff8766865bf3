#include "firmware/flow/kind.h"

static const struct kind kinds[KIND_COUNT] = {
	{ "Nghị quyết", "NQ" },
	{ "Quyết định", "QĐ" },
	{ "Chỉ thị", "CT" },
	{ "Quy chế", "QC" },
	{ "Quy định", "QyĐ" },
	{ "Thông cáo", "TC" },
	{ "Thông báo", "TB" },
	{ "Hướng dẫn", "HD" },
	{ "Chương trình", "CTr" },
	{ "Kế hoạch", "KH" },
	{ "Phương án", "PA" },
	{ "Đề án", "ĐA" },
	{ "Dự án", "DA" },
	{ "Báo cáo", "BC" },
	{ "Biên bản", "BB" },
	{ "Tờ trình", "TTr" },
	{ "Hợp đồng", "HĐ" },
	{ "Công văn", NULL },
	{ "Công điện", "CĐ" },
	{ "Bản ghi nhớ", "BGN" },
	{ "Bản thỏa thuận", "BTT" },
	{ "Giấy ủy quyền", "GUQ" },
	{ "Giấy mời", "GM" },
	{ "Giấy giới thiệu", "GGT" },
	{ "Giấy nghỉ phép", "GNP" },
	{ "Phiếu gửi", "PG" },
	{ "Phiếu chuyển", "PC" },
	{ "Phiếu báo", "PB" },
	{ "Thư công", NULL },
	{ "Sao y", "SY" },
	{ "Sao lục", "SL" },
	{ "Trích sao", "TrS" },
};

const struct kind *
kind_get(unsigned kind)
{
	return &kinds[kind < KIND_COUNT ? kind : 0];
}

bool
kind_is_copy(unsigned kind)
{
	return kind >= KIND_COPY && kind < KIND_COUNT;
}

void
kind_symbol(
    unsigned kind, struct bytes agency, struct bytes unit, struct buf *out)
{
	const char *own = kind_get(kind)->symbol;

	if (own)
		buf_printf(out, "%s-", own);
	buf_bytes(out, agency);
	if (!own && unit.len) {
		buf_char(out, '-');
		buf_bytes(out, unit);
	}
}

void
kind_number(uint32_t number, struct bytes symbol, struct buf *out)
{
	buf_printf(out, "%02u/", number);
	buf_bytes(out, symbol);
}

void
kind_date(struct bytes place, struct when_date date, struct buf *out)
{
	char day[WHEN_TEXT_MAX];

	when_head_text(date, day);
	buf_bytes(out, place);
	buf_printf(out, ", %s", day);
}

void
kind_trial(struct bytes symbol, struct bytes place, struct buf *number,
    struct buf *day)
{
	buf_text(number, KIND_NUMBER_PREFIX);
	kind_number(99999, symbol, number);
	kind_date(place, (struct when_date){ 2026, 12, 30, 0, 0, 0 }, day);
}
