/**
 * Conversion of a model folder to GGUF. {@link FolderConversion} writes language model and exit heads of any family,
 * tensor by tensor, into a new folder. The family copies the rest of the folder, such as audio parts.
 */
package sparrow.models.convert;
