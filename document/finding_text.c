#include "document/finding_text.h"

#include "base/when.h"

static void
put_time(struct buf *out, int64_t instant)
{
	char text[WHEN_TEXT_MAX];

	when_stamp_text(instant, text);
	buf_text(out, text);
}

static bool
is_ours(enum fail f)
{
	return f == FAIL_MEMORY || f == FAIL_IO;
}

/* The CMS was read, and holds or does not. */
static bool
was_read(const struct findings *r)
{
	return !r->ranges && !r->cms;
}

static bool
holds(const struct findings *r)
{
	return was_read(r) && !r->digest && !r->value;
}

static enum finding_state
not_looked_at(struct buf *out)
{
	buf_text(out, "Chưa xét đến, vì có lỗi nêu ở trên.");
	return FINDING_UNKNOWN;
}

static enum finding_state
integrity(const struct findings *r, struct buf *out)
{
	if (is_ours(r->ranges) || is_ours(r->digest) || is_ours(r->cms)) {
		buf_text(out, "Không kiểm tra được lúc này; hãy thử lại.");
		return FINDING_UNKNOWN;
	}
	if (r->ranges) {
		buf_text(
		    out, "Phạm vi được ký (/ByteRange) không khớp với tệp.");
		return FINDING_BAD;
	}
	if (r->digest) {
		buf_text(out,
		    r->of_record ?
			"Bằng chứng này không phải của tệp này, hoặc tệp đã "
			"bị sửa." :
			"Nội dung đã bị sửa sau khi ký.");
		return FINDING_BAD;
	}
	if (r->cms)
		return not_looked_at(out);
	buf_text(out, "Nội dung được ký còn nguyên vẹn.");
	return FINDING_GOOD;
}

/* What stands beside what was signed. */
static const struct {
	unsigned warning;
	enum finding_state state;
	const char *text;
} beside[] = {
	{ WARN_UNCOVERED, FINDING_UNKNOWN,
	    "Trong gói có tệp mà chữ ký này không bao trùm. Đề nghị nơi gửi ký "
	    "lại cả gói." },
	{ WARN_SECOND_FACE, FINDING_UNKNOWN,
	    "Tệp còn mở được như một tệp PDF hoặc tệp nén khác mà không ai ký. "
	    "Đề nghị nơi gửi gửi lại đúng tệp đã ký." },
	{ WARN_UNSIGNED_FILLING, FINDING_NOTICE,
	    "Sau khi ký, biểu mẫu được điền thêm mà không ai ký phần điền "
	    "thêm: "
	    "chữ ký không xác nhận nội dung đó. Nếu cần dùng nội dung đó, đề "
	    "nghị nơi gửi ký lại." },
	{ WARN_COMMENT, FINDING_NOTICE,
	    "Gói tệp có lời ghi chú mà không ai ký; phần mềm giải nén có thể "
	    "hiện lời ghi chú đó. Chỉ dùng nội dung các tệp đã ký." },
};

static enum finding_state
coverage(const struct findings *r, struct buf *out)
{
	static const char *const later[] = { "",
		"dữ liệu kiểm tra hoặc thông tin về tệp (như tiêu đề)",
		"chữ ký khác và những gì đi kèm",
		"nội dung điền vào biểu mẫu" };

	if (!holds(r))
		return not_looked_at(out);
	if (r->signed_later) {
		buf_text(out,
		    "Sau dấu thời gian này văn bản còn được ký; xem các chữ "
		    "ký sau.");
		return FINDING_NOTICE;
	}
	if (r->changes == CHANGES_UNKNOWN) {
		buf_text(
		    out, "Không so sánh được phần thêm vào tệp sau khi ký.");
		return FINDING_UNKNOWN;
	}
	if (!findings_changes_allowed(r)) {
		buf_text(out, "Văn bản bị thay đổi sau khi ký");
		if (r->docmdp)
			buf_printf(out,
			    "; người chứng thực chỉ cho phép mức %d",
			    (int)r->docmdp);
		buf_char(out, '.');
		return FINDING_BAD;
	}
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (r->warnings & beside[i].warning) {
			buf_text(out, beside[i].text);
			return beside[i].state;
		}
	if (r->covers_file) {
		buf_text(out, "Chữ ký bao trùm toàn bộ tệp.");
		return FINDING_GOOD;
	}
	if (r->changes == CHANGES_NONE) {
		buf_text(out,
		    "Phần thêm vào sau khi ký không làm thay đổi văn bản.");
		return FINDING_GOOD;
	}
	buf_printf(out, "Sau khi ký chỉ thêm %s, là điều được phép.",
	    later[r->changes]);
	return FINDING_GOOD;
}

/* base/effort.h. */
static const char too_much[] =
    "Tệp đòi hỏi quá nhiều công kiểm tra, chưa kiểm tra hết; đề nghị nơi "
    "gửi gửi lại tệp khác.";

static enum finding_state
value(const struct findings *r, struct buf *out)
{
	if (r->ranges || r->digest)
		return not_looked_at(out);
	if (r->cms == FAIL_MISSING) {
		buf_text(out, "Không có chứng thư của người ký trong tệp.");
		return FINDING_UNKNOWN;
	}
	if (r->cms == FAIL_UNSUPPORTED || r->value == FAIL_UNSUPPORTED) {
		buf_text(out, "Loại chữ ký này không được hỗ trợ.");
		return FINDING_UNKNOWN;
	}
	if (r->cms == FAIL_LIMIT || r->value == FAIL_LIMIT) {
		buf_text(out, too_much);
		return FINDING_UNKNOWN;
	}
	if (!r->cms && r->value == FAIL_MISSING) {
		buf_text(out, "Thiếu nội dung đã được ký.");
		return FINDING_UNKNOWN;
	}
	if (r->cms) {
		buf_text(out, "Cấu trúc chữ ký bị hỏng.");
		return FINDING_BAD;
	}
	if (r->value) {
		buf_text(out, "Giá trị chữ ký không đúng với chứng thư.");
		return FINDING_BAD;
	}
	buf_text(out, "Giá trị chữ ký đúng với khóa của chứng thư.");
	return FINDING_GOOD;
}

static enum finding_state
chain(const struct findings *r, struct buf *out)
{
	if (!holds(r))
		return not_looked_at(out);
	if (r->assumed) {
		buf_text(out, "Không kiểm tra: coi là tin cậy theo yêu cầu.");
		return FINDING_NOTICE;
	}
	if (r->chain == FAIL_LIMIT) {
		buf_text(out, too_much);
		return FINDING_UNKNOWN;
	}
	if (r->chain == FAIL_CLOCK) {
		buf_text(out,
		    "Dấu thời gian ghi giờ chưa tới; báo quản trị kiểm tra "
		    "đồng hồ của hệ thống.");
		return FINDING_UNKNOWN;
	}
	if (r->chain && r->chain != FAIL_EXPIRED) {
		buf_text(
		    out, "Không có đường dẫn tới chứng thư gốc được tin cậy.");
		return FINDING_UNKNOWN;
	}
	buf_text(out, "Dẫn tới chứng thư gốc được tin cậy.");
	return FINDING_GOOD;
}

static enum finding_state
class_of(const struct findings *r, struct buf *out)
{
	if (!r->has_signer)
		return not_looked_at(out);
	buf_printf(out, "Chứng thư %s.", pki_class_vietnamese(r->pki));
	return r->pki == PKI_STATE || r->pki == PKI_PARTY ? FINDING_GOOD :
							    FINDING_NOTICE;
}

static enum finding_state
validity(const struct findings *r, struct buf *out)
{
	if (!holds(r) || (r->chain && r->chain != FAIL_EXPIRED))
		return not_looked_at(out);
	if (r->assumed) {
		buf_text(out, "Không kiểm tra: coi là còn hạn theo yêu cầu.");
		return FINDING_NOTICE;
	}
	buf_text(out,
	    r->chain ? "Chứng thư hết hạn hoặc chưa đến hạn lúc " :
		       "Chứng thư có hiệu lực lúc ");
	put_time(out, r->best_time);
	buf_char(out, '.');
	return r->chain ? FINDING_UNKNOWN : FINDING_GOOD;
}

static enum finding_state
revocation(const struct findings *r, struct buf *out)
{
	if (!holds(r) || r->chain)
		return not_looked_at(out);
	if (r->assumed || r->unasked) {
		buf_text(out, "Không kiểm tra việc thu hồi, theo yêu cầu.");
		return FINDING_NOTICE;
	}
	if (r->revocation == FAIL_REVOKED) {
		buf_text(out, "Chứng thư đã bị thu hồi từ ");
		put_time(out, r->revoked);
		buf_char(out, '.');
		return FINDING_BAD;
	}
	if (r->revocation) {
		buf_text(out,
		    "Không có dữ liệu cho biết chứng thư có bị thu hồi "
		    "không.");
		return FINDING_UNKNOWN;
	}
	buf_text(out, "Không bị thu hồi");
	if (r->data_time) {
		buf_printf(out, ", theo %s lúc ",
		    r->by_answer ? "trả lời OCSP" : "danh sách CRL");
		put_time(out, r->data_time);
	}
	buf_char(out, '.');
	return FINDING_GOOD;
}

static const char *
why_unproven(enum fail f)
{
	switch (f) {
	case FAIL_MISSING:
		return "thiếu dữ liệu thu hồi của nơi cấp";
	case FAIL_CHAIN:
		return "nơi cấp không dẫn tới chứng thư gốc được tin cậy";
	case FAIL_EXPIRED:
		return "chứng thư của nơi cấp không còn hạn";
	case FAIL_REVOKED:
		return "chứng thư của nơi cấp đã bị thu hồi";
	case FAIL_DIGEST:
		return "không phải của chữ ký này";
	case FAIL_CLOCK:
		return "ghi giờ chưa tới";
	default:
		return "có lỗi";
	}
}

static void
put_difference(const struct findings *r, struct buf *out)
{
	if (r->has_time && !r->is_timestamp)
		buf_printf(out, ", lệch %+lld giây so với giờ người ký khai",
		    (long long)(r->timestamp.time - r->time));
}

static enum finding_state
without_stamp(const struct findings *r, struct buf *out)
{
	if (r->proven) {
		buf_text(out, "Có từ trước ");
		put_time(out, r->proven);
		buf_text(out, ", theo dấu thời gian trên cả tài liệu");
	} else {
		buf_text(out, "Không có dấu thời gian");
	}
	if (r->has_time) {
		buf_text(out, "; người ký khai đã ký lúc ");
		put_time(out, r->time);
	}
	buf_char(out, '.');
	return r->proven ? FINDING_GOOD : FINDING_NOTICE;
}

static enum finding_state
time_of(const struct findings *r, struct buf *out)
{
	const struct stamp_finding *t = &r->timestamp;

	if (!t->present)
		return without_stamp(r, out);
	if (t->state == FAIL_LIMIT) {
		buf_text(out, too_much);
		return FINDING_UNKNOWN;
	}
	if (!t->time) {
		buf_text(out, "Dấu thời gian bị hỏng.");
		return FINDING_UNKNOWN;
	}
	if (t->state)
		buf_printf(out, "Dấu thời gian chưa xác minh được (%s): ",
		    why_unproven(t->state));
	else
		buf_text(out, "Dấu thời gian hợp lệ: ");
	put_time(out, t->time);
	if (t->authority[0])
		buf_printf(out, ", %s", t->authority);
	put_difference(r, out);
	buf_char(out, '.');
	return t->state              ? FINDING_UNKNOWN :
	    r->warnings & WARN_CLOCK ? FINDING_NOTICE :
				       FINDING_GOOD;
}

static enum finding_state
strength(const struct findings *r, struct buf *out)
{
	static const struct {
		unsigned warning;
		const char *text;
	} rows[] = {
		{ WARN_SHA1, "chữ ký dùng SHA-1" },
		{ WARN_SHORT_KEY, "khóa RSA dưới 2048 bit" },
		{ WARN_SHA1_CHAIN, "CA cấp trên ký bằng SHA-1" },
		{ WARN_SHA1_STAMP, "dấu thời gian dùng SHA-1" },
	};
	bool first = true;

	if (!r->has_signer)
		return not_looked_at(out);
	buf_printf(out, "%s, khóa %u bit", hash_name(r->hash), r->key_bits);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!(r->warnings & rows[i].warning))
			continue;
		buf_text(out, first ? "; yếu: " : ", ");
		buf_text(out, rows[i].text);
		first = false;
	}
	if (r->strength)
		buf_text(out, "; quá yếu vào thời điểm đó");
	buf_char(out, '.');
	return r->strength ? FINDING_UNKNOWN :
	    first          ? FINDING_GOOD :
			     FINDING_NOTICE;
}

const char *
findings_title(const struct findings *r)
{
	if (!r->is_timestamp)
		return "Chữ ký";
	return r->of_record ? "Bằng chứng lưu trữ" : "Dấu thời gian";
}

typedef enum finding_state
finding_writer(const struct findings *r, struct buf *out);

static const struct {
	finding_writer *write;
	const char *name, *title;
} kinds[FINDING_COUNT] = {
	[FINDING_INTEGRITY] = { integrity, "integrity", "Tính toàn vẹn" },
	[FINDING_COVERAGE] = { coverage, "coverage", "Thay đổi sau khi ký" },
	[FINDING_VALUE] = { value, "value", "Giá trị chữ ký" },
	[FINDING_CHAIN] = { chain, "chain", "Đường dẫn tin cậy" },
	[FINDING_CLASS] = { class_of, "class", "Loại chứng thư" },
	[FINDING_VALIDITY] = { validity, "validity", "Hiệu lực chứng thư" },
	[FINDING_REVOCATION] = { revocation, "revocation", "Thu hồi" },
	[FINDING_TIME] = { time_of, "time", "Thời điểm ký" },
	[FINDING_STRENGTH] = { strength, "strength", "Thuật toán và khóa" },
};

enum finding_state
finding_text(const struct findings *r, enum finding_kind kind, struct buf *out)
{
	return kinds[kind].write(r, out);
}

const char *
finding_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

const char *
finding_title(enum finding_kind kind)
{
	return kinds[kind].title;
}

const char *
finding_state_name(enum finding_state state)
{
	static const char *const names[] = { "good", "notice", "unknown",
		"bad" };

	return names[state];
}

const char *
finding_state_vietnamese(enum finding_state state)
{
	static const char *const names[] = { "Đạt", "Lưu ý", "Chưa rõ",
		"KHÔNG ĐẠT" };

	return names[state];
}

const char *
warning_name(unsigned index)
{
	static const char *const names[] = { "sha1", "short-key", "sha1-chain",
		"sha1-stamp", "no-certificate-reference", "padding",
		"claims-differ", "clock", "local-time-as-utc",
		"uncovered-files", "second-face", "unsigned-filling",
		"unsigned-comment" };

	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}
