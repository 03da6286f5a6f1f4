/**
 * The folder of the tiny bundled model. {@link BundledModel} finds its files, which the artifact {@code
 * sparrow-bundled} has, and unpacks them once if they lie in a jar. From then on it is a folder of the family
 * GLM-4-Voice as any other. {@link BundledQuestions} are some that it answers.
 */
package sparrow.models.tiny;
