//! The whole program, tested from outside.
