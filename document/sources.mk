document-y := document/deflate.c document/pdf_token.c document/pdf_value.c \
	document/pdf_filter.c document/pdf_crypt.c document/pdf_xref.c document/pdf_file.c \
	document/pdf_page.c document/pdf_append.c document/picture.c \
	document/font.c document/qr.c document/seal_code.c document/stamp.c document/pdf_field.c document/pades_seal.c \
	document/pdf_changes.c document/pdf_listed.c document/pdf_diff.c document/pades_check.c document/cms_check.c document/cades_check.c document/findings.c document/report_bytes.c document/report_html.c document/report_xml.c document/finding_text.c document/indication.c document/pades_ranges.c document/pades_raise.c document/pdf_date.c document/pdf_letters.c document/pdf_content.c document/name_block.c document/scan.c document/blank.c document/arrival.c document/zip.c document/asic.c document/pades_dss.c document/pades_trust.c document/mark.c document/pdfa.c
