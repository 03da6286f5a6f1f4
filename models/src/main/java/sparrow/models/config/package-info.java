/**
 * Configuration files of checkpoints. {@link JsonFile}, of formats, reads JSON; {@link YamlConfig} reads
 * HyperPyYAML without constructing anything that a tag names. Values are returned typed; messages for invalid values name file and key. The
 * keys are known to the families only.
 */
package sparrow.models.config;

import sparrow.formats.JsonFile;
