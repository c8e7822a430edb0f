//! What a rebuild asks for. (Compute API, "Rebuild Server"; REST API Version History, 2.19, 2.54,
//! 2.57, 2.63, 2.90, 2.94.)

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_core::details::Changes;
use guichet_core::limits;
use serde_json::Value;

use crate::compute::servers::{personality, values};
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;

/// A rebuild as its body asks for it.
#[derive(Debug, PartialEq)]
pub(super) struct Rebuild {
    /// What becomes of the server's fields.
    pub(super) changes: Changes,
    /// The password that the client gave for the administrator.
    pub(super) password: Option<String>,
}

/// Names in the body, and the first and the last version that have each.
const FIELDS: [(&str, u16, u16); 14] = [
    ("imageRef", 1, 96),
    ("adminPass", 1, 96),
    ("name", 1, 96),
    ("metadata", 1, 96),
    ("OS-DCF:diskConfig", 1, 96),
    ("accessIPv4", 1, 96),
    ("accessIPv6", 1, 96),
    ("preserve_ephemeral", 1, 96),
    ("personality", 1, 56),
    ("description", 19, 96),
    ("key_name", 54, 96),
    ("user_data", 57, 96),
    ("trusted_image_certificates", 63, 96),
    ("hostname", 90, 96),
];

impl Rebuild {
    /// Reads what is inside of `rebuild`.
    pub(super) fn read(cloud: &Cloud, caller: &Caller, value: &Value) -> Result<Self, Problem> {
        let version = caller.version();
        let rebuild = Object::of(value, "rebuild")?;
        let there = |(_, from, to): &&(&str, u16, u16)| (*from..=*to).contains(&version.0);
        let names: Vec<&str> = FIELDS.iter().filter(there).map(|(name, ..)| *name).collect();
        rebuild.known(&names)?;
        let image = values::image_ref(&rebuild, "imageRef")?;
        let image = image.ok_or_else(|| rebuild.missing("imageRef"))?;
        let image = values::bootable(cloud, caller, image)?;
        rebuild.flag("preserve_ephemeral")?;
        values::certificates(&rebuild)?;
        personality::check(&rebuild)?;
        // Here `null` takes away what there is.
        let user_data = match rebuild.raw("user_data") {
            Some(Value::Null) => Some(None),
            _ => values::user_data(&rebuild)?.map(Some),
        };
        let key_name = match rebuild.raw("key_name") {
            Some(Value::Null) => Some(None),
            _ => rebuild.text("key_name", 1, limits::NAME_MAX)?.map(|name| Some(Arc::from(name))),
        };
        Ok(Self {
            changes: Changes {
                name: values::name(&rebuild)?,
                description: values::description(&rebuild, limits::TEXT_MAX)?,
                hostname: values::hostname(&rebuild, version)?,
                access_ipv4: values::address(&rebuild, "accessIPv4")?.map(Some),
                access_ipv6: values::address(&rebuild, "accessIPv6")?.map(Some),
                disk_config_auto: values::disk_config(&rebuild)?,
                metadata: values::metadata(&rebuild, "metadata")?,
                key_name,
                user_data,
                image: Some(image),
            },
            password: values::password(&rebuild)?.map(str::to_owned),
        })
    }
}
