//! The whole program, tested from outside.

mod validity;
