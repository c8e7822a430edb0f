//! Compresses the messages: they are a quarter of a megabyte of text in a program that is to be
//! small, and a process reads one language of them at most.

use std::path::Path;
use std::{env, error, fs};

use miniz_oxide::deflate::compress_to_vec_zlib;

/// The level of zlib from which on text gets no smaller.
const LEVEL: u8 = 9;

fn main() -> Result<(), Box<dyn error::Error>> {
    let directory = env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    for language in ["en", "fr"] {
        let file = format!("i18n/{language}/guichet.ftl");
        println!("cargo::rerun-if-changed={file}");
        let compressed = compress_to_vec_zlib(&fs::read(file)?, LEVEL);
        fs::write(Path::new(&directory).join(format!("{language}.zlib")), compressed)?;
    }
    Ok(())
}
