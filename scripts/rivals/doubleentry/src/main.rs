//! Times the doubleentry crate: entries a second into its RFC 6962 log over SQLite, in batches
//! with a signed checkpoint after each, and the same in memory. Arguments: entries, entries in a
//! batch, folder. An entry has two postings, the least that is one.
use doubleentry::currency::EUR;
use doubleentry::prelude::*;
use doubleentry::store::SqlStore;
use doubleentry::transparency::LogKey;
use std::time::Instant;

type Failed = Box<dyn std::error::Error>;

fn entry(n: u64) -> Entry {
    Entry::new(format!("e-{n}"), date!("2026-06-15"))
        .debit("Assets:Cash", amount!("1.00"), EUR)
        .credit("Income:Sales", amount!("1.00"), EUR)
}

fn memory(entries: u64, batch: u64) -> Result<f64, Failed> {
    let id = LedgerId::new("example.com/bench")?;
    let key = LogKey::from_seed(&id, [7; 32]);
    let mut books = Journal::new(id);
    books.declare_currency(EUR, 2, date!("2026-01-01"))?;
    books.define_months(2026, 1..=12)?;
    books.open("Assets:Cash", AccountKind::Asset, date!("2026-01-01"))?;
    books.open("Income:Sales", AccountKind::Income, date!("2026-01-01"))?;
    let begun = Instant::now();
    for from in (0..entries).step_by(batch as usize) {
        books.record_batch((from..entries.min(from + batch)).map(entry))?;
        books.checkpoint(&key)?;
    }
    Ok(entries as f64 / begun.elapsed().as_secs_f64())
}

async fn disk(entries: u64, batch: u64, dir: &str) -> Result<f64, Failed> {
    let id = LedgerId::new("example.com/bench")?;
    let key = LogKey::from_seed(&id, [7; 32]);
    let store = SqlStore::sqlite(&format!("sqlite://{dir}/books.db?mode=rwc")).await?;
    let books = Ledger::new(store, id).await?;
    books.declare_currency(EUR, 2, date!("2026-01-01")).await?;
    books.define_months(2026, 1..=12).await?;
    books.open("Assets:Cash", AccountKind::Asset, date!("2026-01-01")).await?;
    books.open("Income:Sales", AccountKind::Income, date!("2026-01-01")).await?;
    let begun = Instant::now();
    for from in (0..entries).step_by(batch as usize) {
        books.record_batch((from..entries.min(from + batch)).map(entry)).await?;
        books.checkpoint(&key).await?;
    }
    Ok(entries as f64 / begun.elapsed().as_secs_f64())
}

fn main() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().collect();
    let [_, entries, batch, dir] = args.as_slice() else {
        return Err("usage: rival-doubleentry ENTRIES BATCH DIR".into());
    };
    let (entries, batch) = (entries.parse()?, batch.parse()?);
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sqlite = rt.block_on(disk(entries, batch, dir))?;
    println!("{:.0} {:.0}", sqlite, memory(entries, batch)?);
    Ok(())
}
