//! Things by the place that they are about.

use super::{Path, Seg};
use std::collections::BTreeMap;

/// Things by place, found again by any place that meets theirs.
#[derive(Debug)]
pub struct Places<'p, T>(
    // What lies within a place stands right behind it.
    BTreeMap<&'p [Seg], Vec<T>>,
);

impl<'p, T> FromIterator<(&'p Path, T)> for Places<'p, T> {
    fn from_iter<I: IntoIterator<Item = (&'p Path, T)>>(things: I) -> Self {
        let mut places = BTreeMap::<_, Vec<T>>::new();
        things.into_iter().for_each(|(path, thing)| places.entry(path.segs()).or_default().push(thing));
        Places(places)
    }
}

impl<T> Places<'_, T> {
    /// Is what is about a place, one around it, or one within it.
    pub fn meeting<'s>(&'s self, place: &'s Path) -> impl Iterator<Item = &'s T> {
        let place = place.segs();
        let around = (0..place.len()).filter_map(|length| self.0.get(&place[..length]));
        let within = self.0.range(place..).take_while(move |(at, _)| at.starts_with(place)).map(|(_, things)| things);
        around.chain(within).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_meets_what_is_around_it_and_within_it() {
        let paths = ["", "a", "a.b", "a.b[0]", "a.b.c.d", "a.bc", "b"].map(Path::from);
        let places: Places<String> = paths.iter().map(|path| (path, path.to_string())).collect();
        let meeting = |place: &str| places.meeting(&Path::from(place)).cloned().collect::<Vec<_>>();
        assert_eq!(meeting("a.b"), ["<root>", "a", "a.b", "a.b.c.d", "a.b[0]"]);
        assert_eq!(meeting("a.b.c"), ["<root>", "a", "a.b", "a.b.c.d"]);
        assert_eq!(meeting("c"), ["<root>"]);
        assert_eq!(meeting("").len(), paths.len());
    }
}
