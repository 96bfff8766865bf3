document-y := document/deflate.c document/pdf_token.c document/pdf_value.c \
	document/pdf_filter.c document/pdf_xref.c document/pdf_file.c
