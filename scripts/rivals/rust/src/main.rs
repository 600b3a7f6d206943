//! Runs the crate aho-corasick by the protocol of scripts/rivals.
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::io::BufRead;
use std::time::Instant;

fn lines(file: &str) -> Vec<String> {
    std::fs::read_to_string(file).expect("a file").lines().map(String::from).collect()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (phrases, texts) = (lines(&args[2]), lines(&args[3]));
    let kind = match args[1].as_str() {
        "dfa" => AhoCorasickKind::DFA,
        _ => AhoCorasickKind::ContiguousNFA,
    };
    let begun = Instant::now();
    let machine = AhoCorasick::builder().kind(Some(kind)).build(&phrases).expect("an automaton");
    println!("ready {}", begun.elapsed().as_millis());
    for line in std::io::stdin().lock().lines() {
        line.expect("a line");
        let begun = Instant::now();
        let hits: usize = texts.iter().map(|s| machine.find_overlapping_iter(s.as_str()).count()).sum();
        println!("{} {}", begun.elapsed().as_nanos(), hits);
    }
}
