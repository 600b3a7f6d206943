//! Times c2pa-rs as the rivals' table asks: `rival-c2pa WHAT FILE TYPE CHAIN KEY ANCHORS TIMES`.
//! It says "ready", and for each line on its standard input does WHAT as often as TIMES says in
//! memory and answers with the nanoseconds that took.
use c2pa::{create_signer, Builder, Context, Reader, SigningAlg};
use std::io::{self, BufRead, Cursor, Write};
use std::sync::Arc;
use std::time::Instant;

const MANIFEST: &str = r#"{
  "claim_generator_info": [{"name": "loam", "version": "1"}], "title": "note",
  "assertions": [
    {"label": "c2pa.actions.v2", "data": {"actions": [{"action": "c2pa.created",
      "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
      "softwareAgent": {"name": "model", "version": "2"}}]}},
    {"label": "cawg.training-mining", "data": {"entries": {
      "cawg.ai_inference": {"use": "notAllowed"}, "cawg.ai_generative_training": {"use": "notAllowed"},
      "cawg.ai_training": {"use": "notAllowed"}, "cawg.data_mining": {"use": "notAllowed"}}}}
  ]}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let a: Vec<String> = std::env::args().collect();
    let (what, file, kind) = (a[1].as_str(), std::fs::read(&a[2])?, a[3].as_str());
    let (chain, key, anchors) = (std::fs::read(&a[4])?, std::fs::read(&a[5])?, std::fs::read_to_string(&a[6])?);
    let times: u32 = a[7].parse()?;
    let settings = format!(
        r#"{{"version": 1, "trust": {{"trust_anchors": {anchors:?}}}, "verify": {{"verify_after_sign": {}, "verify_trust": true}}}}"#,
        what == "checked"
    );
    let context = Arc::new(Context::new().with_settings(settings.as_str())?);
    let signer = create_signer::from_keys(&chain, &key, SigningAlg::Es256, None)?;
    let sign = || -> Result<Vec<u8>, c2pa::Error> {
        let mut builder = Builder::from_shared_context(&context).with_definition(MANIFEST)?;
        let mut out = Cursor::new(Vec::with_capacity(file.len() + 65536));
        builder.sign(signer.as_ref(), kind, &mut Cursor::new(file.as_slice()), &mut out)?;
        Ok(out.into_inner())
    };
    let signed = sign()?;
    let inspect = || Reader::from_shared_context(&context).with_stream(kind, Cursor::new(signed.as_slice()));
    let state = format!("{:?}", inspect()?.validation_state());
    if state != "Trusted" {
        return Err(state.into());
    }
    println!("ready");
    io::stdout().flush()?;
    for line in io::stdin().lock().lines() {
        line?;
        let begun = Instant::now();
        for _ in 0..times {
            match what {
                "inspect" => drop(inspect()?),
                _ => drop(sign()?),
            }
        }
        println!("{}", begun.elapsed().as_nanos());
        io::stdout().flush()?;
    }
    Ok(())
}
