/**
 * The tiny bundled model. {@link BundledModel} finds the files of the artifact {@code sparrow-bundled} and unpacks them
 * once if they are in a jar. The folder is an ordinary one of the family GLM-4-Voice. {@link BundledQuestions} are
 * questions that it can answer.
 */
package sparrow.models.tiny;
