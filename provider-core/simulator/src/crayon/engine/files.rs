//! Files as the service hands them out: CSV, XLSX and ZIP.

use std::fmt::Write as _;

use flate2::Crc;

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(crate) const CSV: &str = "text/csv";
pub(crate) const JSON: &str = "application/json";
pub(crate) const ZIP: &str = "application/zip";
pub(crate) const OCTETS: &str = "application/octet-stream";

/// A file before it is wrapped for an answer.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    /// The file inside a ZIP archive, as the service answers when it had to split one.
    pub(crate) fn zipped(self) -> Self {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        Self {
            name: format!("{stem}.zip"),
            content_type: ZIP,
            bytes: zip(&[(self.name.as_str(), self.bytes.as_slice())]),
        }
    }
}

/// Comma-separated rows with CRLF line ends; cells are quoted where they need it.
pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| csv_cell(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn csv_cell(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A workbook of one sheet, every cell as text.
pub(crate) fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut sheet = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#
    ));
    for (index, row) in rows.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(sheet, r#"<row r="{}">"#, index + 1);
        for cell in row {
            let _ = write!(
                sheet,
                r#"<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                xml_text(cell)
            );
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    zip(&[
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", PACKAGE.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_PARTS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const CONTENT_TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#
);

const PACKAGE: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Target="xl/workbook.xml" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"#
);

const WORKBOOK: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
    r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
    r#"<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
);

const WORKBOOK_PARTS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Target="worksheets/sheet1.xml" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>"#
);

/// 1 January 1980, the first day that a ZIP archive can tell.
const FIRST_DAY: u16 = 0x21;

/// An archive with stored (not compressed) entries.
pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in entries {
        let offset = size(archive.len());
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut facts = Vec::new();
        for number in [20, 0, 0, 0, FIRST_DAY] {
            facts.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc.sum(), size(bytes.len()), size(bytes.len())] {
            facts.extend_from_slice(&number.to_le_bytes());
        }
        facts.extend_from_slice(&short(name.len()).to_le_bytes());
        facts.extend_from_slice(&0_u16.to_le_bytes());

        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&facts);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(bytes);

        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&20_u16.to_le_bytes());
        directory.extend_from_slice(&facts);
        // Comment length, disk, internal and external attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let start = size(archive.len());
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    for count in [short(entries.len()), short(entries.len())] {
        archive.extend_from_slice(&count.to_le_bytes());
    }
    for number in [size(directory.len()), start] {
        archive.extend_from_slice(&number.to_le_bytes());
    }
    archive.extend_from_slice(&0_u16.to_le_bytes());
    archive
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it() {
        let rows = [vec!["a".to_owned(), "b,\"c\"".to_owned()]];
        assert_eq!(csv(&rows), b"a,\"b,\"\"c\"\"\"\r\n");
    }

    #[test]
    fn an_archive_has_its_entries_and_checksums() {
        let archive = zip(&[("a.txt", b"hello")]);
        assert!(archive.starts_with(b"PK\x03\x04"));
        // The CRC-32 of "hello".
        assert_eq!(archive.get(14..18), Some([0x86, 0xA6, 0x10, 0x36].as_slice()));
        assert_eq!(archive.get(30..35), Some(b"a.txt".as_slice()));
        assert_eq!(archive.get(35..40), Some(b"hello".as_slice()));
        let zipped = File { name: "rows.csv".to_owned(), content_type: CSV, bytes: b"x".to_vec() }.zipped();
        assert_eq!((zipped.name.as_str(), zipped.content_type), ("rows.zip", ZIP));
    }
}
