//! What has happened to an installation since somebody last looked: a judgement of facts that `host` gathers.

pub mod address;
pub mod log;
