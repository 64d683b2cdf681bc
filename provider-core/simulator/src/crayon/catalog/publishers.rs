//! The publishers and their programs.

use crate::crayon::engine::json::{Json, object, reference};

/// Publishers that others refer to by name.
pub(crate) const AWS: i64 = 4;
const LICENSE: i64 = 1;
const CLOUD: i64 = 4;

/// Microsoft's id is the one that the vendor's docs use; the others are made up.
pub(crate) const PUBLISHERS: &[(i64, &str)] = &[
    (1, "Sample Software House"),
    (2, "Microsoft"),
    (3, "Sample Graphics"),
    (AWS, "Amazon Web Services"),
    (5, "Google"),
];

pub(crate) struct Program {
    id: i64,
    pub(crate) name: &'static str,
    commitment: bool,
    pub(crate) publisher: i64,
    pub(crate) kind: i64,
}

pub(crate) const PROGRAMS: &[Program] = &[
    Program { id: 7, name: "Sample Select", commitment: true, publisher: 2, kind: LICENSE },
    Program { id: 8, name: "CSP", commitment: false, publisher: 2, kind: CLOUD },
    Program { id: 12, name: "AWS", commitment: false, publisher: AWS, kind: CLOUD },
    Program { id: 14, name: "Sample Volume", commitment: true, publisher: 3, kind: LICENSE },
];

impl Program {
    pub(crate) fn json(&self) -> Json {
        object! {
            "Id": self.id,
            "Name": self.name,
            "IsCommitment": self.commitment,
            "Publisher": publisher_reference(self.publisher),
        }
    }
}

/// The publisher as a reference.
pub(crate) fn publisher_reference(id: i64) -> Json {
    PUBLISHERS.iter().find(|(known, _)| *known == id).map_or(Json::Null, |(id, name)| reference(*id, *name))
}

/// The program as answered; null for an unknown one.
pub(crate) fn program_json(id: i64) -> Json {
    PROGRAMS.iter().find(|program| program.id == id).map_or(Json::Null, Program::json)
}
