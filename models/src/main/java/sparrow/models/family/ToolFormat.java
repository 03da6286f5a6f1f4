package sparrow.models.family;

import java.util.List;

/**
 * The format in which a family's models generate tool calls and read the tools' outputs. Tool descriptions are part of
 * the first prompt ({@link PromptBuilder#first(Object, java.util.Optional, List)}). Thread-safe.
 */
public interface ToolFormat {
    /** Returns the text token that begins a call in a reply. */
    int begin();

    /** Returns the text token that ends a call. */
    int end();

    /**
     * Parses the text between {@link #begin} and {@link #end}.
     *
     * @throws IllegalArgumentException if the text is not a call
     */
    ToolCall parse(String text);

    /**
     * Returns calls as the last tokens of a reply. Text in names and arguments is never converted to a control token.
     */
    int[] tokens(List<ToolCall> calls);

    /** Returns the builder that creates prompts from the outputs of calls, in the order of the calls. */
    PromptBuilder<List<String>> outputs();
}
