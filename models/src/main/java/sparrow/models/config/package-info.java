/**
 * Configuration files of checkpoints, value by value. {@link JsonConfig} reads JSON, {@link YamlConfig} reads
 * HyperPyYAML without constructing anything that a tag names. A value comes out typed, or it is refused with file and
 * key. A family alone knows the keys of its models.
 */
package sparrow.models.config;
