/**
 * Conversion of a model folder to GGUF. {@link FolderConversion} writes the language model and the exit heads of any
 * family to a new folder. The family copies or converts the rest, such as audio parts.
 */
package sparrow.models.convert;
