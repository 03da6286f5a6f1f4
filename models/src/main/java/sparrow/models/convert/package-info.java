/**
 * Conversion of a model folder to GGUF. {@link FolderConversion} writes language model and exit heads of any family,
 * tensor by tensor, into a new folder. What else belongs into the folder, such as audio parts, is copied by the family.
 */
package sparrow.models.convert;
