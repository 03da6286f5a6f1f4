/**
 * What a model family is: a {@link sparrow.models.family.Family} says which folders are its own, opens and converts
 * them, and describes its published model. What it opens is an {@link sparrow.models.family.OpenedModel}, a value of
 * parts: the language model, prompts, what {@linkplain sparrow.models.family.Hearing hears} and what speaks.
 *
 * <p>A new family is a package beside {@code glm4voice} and {@code stepaudio} with its prompt, configuration files and
 * tensor names, and one line in {@code sparrow.models.Families}. Nothing else tells families apart.
 */
package sparrow.models.family;
