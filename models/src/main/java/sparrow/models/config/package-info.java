/**
 * Configuration files in checkpoints. {@link JsonFile}, from the formats module, reads JSON; {@link YamlConfig} reads
 * HyperPyYAML without constructing any class that a tag names. Values are returned with their types. Messages about
 * invalid values name the file and the key. Only the families determine which keys exist.
 */
package sparrow.models.config;

import sparrow.formats.JsonFile;
