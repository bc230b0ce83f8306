use super::Issue;
use super::load::Loaded;
use crate::settings::Facts;
use serde_json::Value;
pub(super) fn find(_source: &Value, _loaded: &Loaded, _facts: &Facts, _issues: &mut Vec<Issue>) {}
