/**
 * Conversion of a model folder to GGUF. {@link FolderConversion} writes any family's language model and exit heads to a
 * new folder. The family copies or converts the other parts, such as the audio parts.
 */
package sparrow.models.convert;
