//! Which elements of an array are still the same in another.

use super::edit::same;
use serde_json::Value;
use std::ops::Range;

/// Arrays that differ in more cells than this are paired by position: the table would cost more than a kept comment is worth.
const LARGEST: usize = 250_000;

/// Is pairs of positions, ascending in both: equal elements, and elements that became another.
pub(super) fn align(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|n| same(&old[*n], &new[*n])).count();
    let tail = (0..shorter - head).take_while(|n| same(&old[old.len() - 1 - n], &new[new.len() - 1 - n])).count();
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|n| (n, n)).collect();
    let (mid_old, mid_new) = (head..old.len() - tail, head..new.len() - tail);
    let alike = if mid_old.len() * mid_new.len() <= LARGEST {
        likest(&old[mid_old.clone()], &new[mid_new.clone()])
    } else {
        Vec::new()
    };
    let mut from = (mid_old.start, mid_new.start);
    for (o, n) in alike {
        let (o, n) = (o + head, n + head);
        pairs.extend(by_position(from.0..o, from.1..n));
        pairs.push((o, n));
        from = (o + 1, n + 1);
    }
    pairs.extend(by_position(from.0..mid_old.end, from.1..mid_new.end));
    pairs.extend((0..tail).rev().map(|n| (old.len() - 1 - n, new.len() - 1 - n)));
    pairs
}

fn by_position(old: Range<usize>, new: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    old.zip(new)
}

/// Is the pairing with the greatest likeness (longest common subsequence, weighted).
fn likest(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let wide = new.len() + 1;
    let weights: Vec<u32> = old.iter().flat_map(|o| new.iter().map(|n| likeness(o, n))).collect();
    let mut best = vec![0u32; (old.len() + 1) * wide];
    for o in (0..old.len()).rev() {
        for n in (0..new.len()).rev() {
            let weight = weights[o * new.len() + n];
            let paired = if weight > 0 { weight + best[(o + 1) * wide + n + 1] } else { 0 };
            best[o * wide + n] = paired.max(best[(o + 1) * wide + n]).max(best[o * wide + n + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut o, mut n) = (0, 0);
    while o < old.len() && n < new.len() {
        let weight = weights[o * new.len() + n];
        let here = best[o * wide + n];
        if weight > 0 && here == weight + best[(o + 1) * wide + n + 1] {
            pairs.push((o, n));
            (o, n) = (o + 1, n + 1);
        } else if here == best[(o + 1) * wide + n] {
            o += 1;
        } else {
            n += 1;
        }
    }
    pairs
}

/// Is 0 for strangers, most for equals; objects are alike by the members they share.
fn likeness(old: &Value, new: &Value) -> u32 {
    const EQUAL: u32 = 1000;
    if same(old, new) {
        return EQUAL;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let shared = old.iter().filter(|(key, value)| new.get(*key).is_some_and(|other| same(value, other)));
            shared.count().min(EQUAL as usize - 1) as u32
        }
        _ => 0,
    }
}
