//! Compresses the script that draws charts: it is a megabyte of text in a program that is to be
//! small, and only a report with charts wants it.

use std::path::Path;
use std::{env, error, fs};

use miniz_oxide::deflate::compress_to_vec_zlib;

const SCRIPT: &str = "assets/plotly/plotly-basic-3.0.1.min.js";
/// The level of zlib from which on a script like this gets no smaller.
const LEVEL: u8 = 9;

fn main() -> Result<(), Box<dyn error::Error>> {
    println!("cargo::rerun-if-changed={SCRIPT}");
    let compressed = compress_to_vec_zlib(&fs::read(SCRIPT)?, LEVEL);
    let directory = env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    fs::write(Path::new(&directory).join("plotly.zlib"), compressed)?;
    Ok(())
}
