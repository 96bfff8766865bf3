#include "base/fail.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

struct words {
	const char *name;
	const char *english;
	const char *vietnamese;
};

static const struct words words[FAIL_COUNT] = {
	[FAIL_NONE] = { "NONE", "all is well", "Không có lỗi." },
	[FAIL_FORMAT] = { "FORMAT", "the data breaks its standard",
	    "Tệp sai cấu trúc. Đề nghị xuất lại tệp PDF từ phần mềm soạn thảo "
	    "rồi gửi lại." },
	[FAIL_CORRUPT] = { "CORRUPT", "stored data does not match its hash",
	    "Dữ liệu lưu trữ không khớp mã kiểm tra. Ngừng thao tác và báo "
	    "quản trị ngay." },
	[FAIL_LIMIT] = { "LIMIT", "over a limit",
	    "Tệp hoặc số văn bản đã chọn vượt giới hạn cho phép. Tách tệp, "
	    "giảm dung lượng hoặc chọn ít văn bản hơn rồi làm lại." },
	[FAIL_MEMORY] = { "MEMORY", "out of memory",
	    "Thiết bị thiếu bộ nhớ. Chờ một phút rồi thử lại; nếu vẫn lỗi, "
	    "báo quản trị." },
	[FAIL_IO] = { "IO", "input or output error",
	    "Lỗi đọc hoặc ghi. Thử lại; nếu vẫn lỗi, báo quản trị." },
	[FAIL_FULL] = { "FULL", "the archive is full",
	    "Kho lưu trữ đã đầy, chưa ghi được. Báo quản trị." },
	[FAIL_MISSING] = { "MISSING", "not found",
	    "Không tìm thấy. Có thể đã được chuyển đi; xem lại tên hoặc tải "
	    "lại trang." },
	[FAIL_EXISTS] = { "EXISTS", "already there",
	    "Đã có trong hệ thống nên không ghi thêm lần nữa. Tải lại trang "
	    "để xem; nếu chưa đúng, báo quản trị." },
	[FAIL_USAGE] = { "USAGE", "wrong arguments",
	    "Thông tin nhập chưa đủ hoặc chưa đúng. Quay lại trang trước, kiểm "
	    "tra từng ô rồi làm lại." },
	[FAIL_RIGHTS] = { "RIGHTS", "not allowed for this account",
	    "Anh/chị không có quyền làm việc này. Liên hệ người có thẩm "
	    "quyền." },
	[FAIL_STATE] = { "STATE", "not in the right state",
	    "Việc này chưa làm được lúc này: văn bản đã sang bước khác hoặc "
	    "thiết bị đang bận. Tải lại trang rồi thử lại." },
	[FAIL_UNSUPPORTED] = { "UNSUPPORTED", "not supported",
	    "Tệp dùng tính năng chưa được hỗ trợ. Đề nghị xuất lại thành PDF "
	    "thường." },
	[FAIL_NOT_PDF] = { "NOT_PDF", "not a PDF",
	    "Tệp không phải PDF. Chọn đúng tệp PDF của văn bản." },
	[FAIL_ENCRYPTED] = { "ENCRYPTED", "encrypted with a password",
	    "Tệp PDF đặt mật khẩu nên không ký được. Bỏ mật khẩu trong phần "
	    "mềm soạn thảo, xuất lại rồi gửi lại." },
	[FAIL_PROTECTED] = { "PROTECTED", "its owner forbids signing it",
	    "Tệp PDF đặt quyền cấm sửa nên không ký được. Bỏ hạn chế trong "
	    "phần mềm soạn thảo, xuất lại rồi gửi lại." },
	[FAIL_CERTIFIED] = { "CERTIFIED", "certified: no changes allowed",
	    "Tệp đã được chứng thực ở mức cấm mọi thay đổi nên "
	    "không ký thêm được. Xin tệp gốc cho phép ký." },
	[FAIL_UNSEALABLE] = { "UNSEALABLE",
	    "it could not bear the agency's seal",
	    "Tệp này không đóng dấu được: trang không đủ chỗ cho số, ngày và "
	    "con dấu, hoặc tệp bị lỗi, hoặc chữ ký có sẵn trong tệp đã hỏng. "
	    "Đề nghị xuất lại PDF khổ A4 từ bản gốc rồi gửi lại." },
	[FAIL_HEAD] = { "HEAD",
	    "its head says another number or date, or has no room for them",
	    "Đầu văn bản đã ghi số, ký hiệu hoặc ngày khác với sổ, hoặc không "
	    "chừa đủ chỗ trống để điền. Sửa dự thảo (để trống số, ngày) rồi "
	    "gửi lại." },
	[FAIL_PLACE] = { "PLACE",
	    "nothing tells where the mark goes on its page",
	    "Chưa biết đặt chữ ký hoặc dấu ở đâu: không tìm thấy họ tên người "
	    "ký trong văn bản, hoặc trang không còn chỗ trống. Nhập trang và "
	    "chỗ đặt rồi làm lại; thiết bị nhớ chỗ ký cho lần sau." },
	[FAIL_SCAN] = { "SCAN", "a scanned page is not good enough",
	    "Bản quét chưa đạt để sao y (PDF 1.4 trở lên, ảnh màu, từ 200 "
	    "dpi, tỷ lệ 100 %). Quét lại rồi gửi lại." },
	[FAIL_PICTURE] = { "PICTURE",
	    "the picture of a seal or signature is not as prescribed",
	    "Ảnh con dấu hoặc chữ ký không đúng quy định (màu, nền trong "
	    "suốt, kích thước thật). Báo quản trị thay ảnh." },
	[FAIL_DIGEST] = { "DIGEST", "digest differs: content was changed",
	    "Nội dung đã bị thay đổi sau khi ký hoặc sau khi duyệt. Lấy lại "
	    "tệp gốc rồi làm lại bước này." },
	[FAIL_SIGNATURE] = { "SIGNATURE", "signature value does not verify",
	    "Giá trị chữ ký không đúng với chứng thư. Ký lại từ tệp gốc; nếu "
	    "là văn bản đến, trả lại nơi gửi." },
	[FAIL_CHAIN] = { "CHAIN", "no path to a trusted root",
	    "Chứng thư không nối được tới gốc tin cậy của Ban Cơ yếu Chính "
	    "phủ. Ký bằng chứng thư do Ban Cơ yếu cấp." },
	[FAIL_EXPIRED] = { "EXPIRED", "certificate not valid at this time",
	    "Chứng thư hết hạn hoặc chưa có hiệu lực. Làm thủ tục gia hạn; "
	    "trong lúc chờ, đóng dấu bản giấy." },
	[FAIL_REVOKED] = { "REVOKED", "certificate revoked",
	    "Chứng thư đã bị thu hồi, không được dùng để ký. Làm thủ tục cấp "
	    "chứng thư mới." },
	[FAIL_STATUS] = { "STATUS", "nobody tells whether it is revoked",
	    "Chưa hỏi được chứng thư có bị thu hồi không nên chưa được ký. "
	    "Kiểm tra mạng rồi thử lại; nếu vẫn lỗi, báo quản trị." },
	[FAIL_TOKEN] = { "TOKEN", "token error",
	    "Thiết bị ký báo lỗi. Rút ra, cắm lại rồi thử lại; các văn bản đã "
	    "đóng dấu vẫn giữ nguyên." },
	[FAIL_TOKEN_GONE] = { "TOKEN_GONE", "token not present",
	    "Chưa cắm thiết bị ký hoặc thiết bị vừa bị rút. Cắm thiết bị rồi "
	    "làm tiếp; các văn bản đã đóng dấu vẫn giữ nguyên." },
	[FAIL_PIN] = { "PIN", "wrong PIN",
	    "Mã PIN sai. Đã dừng cả lô, hệ thống không tự thử lại. Kiểm tra kỹ "
	    "trước khi nhập lần nữa." },
	[FAIL_PIN_LAST] = { "PIN_LAST", "one PIN try left, PIN not sent",
	    "Thiết bị chỉ còn một lần nhập PIN. Hệ thống không gửi PIN để "
	    "tránh khóa thiết bị; liên hệ quản trị." },
	[FAIL_PIN_LOCKED] = { "PIN_LOCKED", "PIN locked",
	    "Thiết bị ký đã bị khóa PIN. Làm thủ tục mở khóa (Mẫu 06) tại Sở "
	    "Khoa học và Công nghệ." },
	[FAIL_KEY] = { "KEY",
	    "no such certificate or key on the token, or none to sign with",
	    "Thiết bị không có chứng thư ký được cho vai trò này: chưa đăng "
	    "ký, không phải loại để ký văn bản hoặc khóa quá ngắn. Kiểm tra có "
	    "cắm đúng thiết bị không; nếu đúng, báo quản trị." },
	[FAIL_CLOCK] = { "CLOCK", "clock not trusted",
	    "Đồng hồ thiết bị chưa đúng nên chưa cấp ngày được. Báo quản "
	    "trị." },
	[FAIL_PEER] = { "PEER", "protocol broken by the other side",
	    "Kết nối bị lỗi hoặc máy bên kia trả lời sai. Thử lại sau ít "
	    "giây; nếu vẫn lỗi, báo quản trị." },
	[FAIL_TIMEOUT] = { "TIMEOUT", "took too long",
	    "Xử lý quá thời gian cho phép. Thử lại; nếu vẫn lỗi, báo quản "
	    "trị." },
	[FAIL_LOGIN] = { "LOGIN", "unknown account or wrong password",
	    "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra phím Caps Lock "
	    "và bộ gõ rồi nhập lại." },
	[FAIL_WAIT] = { "WAIT", "too many tries, wait half a minute",
	    "Đã nhập sai nhiều lần. Chờ nửa phút rồi đăng nhập lại; nếu quên "
	    "mật khẩu, báo quản trị." },
	[FAIL_PASSWORD] = { "PASSWORD", "the password must be changed first",
	    "Mật khẩu do người khác cấp: đổi mật khẩu trước khi làm việc." },
	[FAIL_PIN_CHANGE] = { "PIN_CHANGE", "the token wants a new PIN first",
	    "Mã PIN của thiết bị ký đã hết hạn hoặc chưa được đặt. Đổi PIN "
	    "bằng "
	    "công cụ của nhà cung cấp rồi làm lại." },
	[FAIL_CANCELED] = { "CANCELED", "canceled on the token",
	    "Đã hủy trên bàn phím của thiết bị ký. Làm lại khi sẵn sàng nhập "
	    "PIN." },
	[FAIL_PIN_EMPTY] = { "PIN_EMPTY", "no PIN was typed",
	    "Chưa nhập mã PIN. Nhập PIN rồi làm lại; chưa mất lần thử nào." },
	[FAIL_CUSTODY] = { "CUSTODY", "another clerk keeps the token",
	    "Thiết bị ký của cơ quan đang giao cho người khác giữ. Người đang "
	    "giữ đóng dấu, hoặc làm bàn giao thiết bị." },
};

static const struct words *
words_of(enum fail f)
{
	assert(f < FAIL_COUNT);
	return &words[f];
}

const char *
fail_name(enum fail f)
{
	return words_of(f)->name;
}

const char *
fail_text(enum fail f)
{
	return words_of(f)->english;
}

const char *
fail_vietnamese(enum fail f)
{
	return words_of(f)->vietnamese;
}

void
note_write(struct note *note, enum fail f, const char *format, ...)
{
	va_list args;

	if (!note)
		return;
	note->fail = f;
	va_start(args, format);
	vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}
