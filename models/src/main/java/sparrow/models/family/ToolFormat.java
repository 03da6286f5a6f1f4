package sparrow.models.family;

import java.util.List;

/**
 * The format in which the models of a family write tool calls and read their outputs. Descriptions of the tools are
 * part of the first prompt ({@link PromptBuilder#first(Object, java.util.Optional, List)}). Thread-safe.
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

    /** Returns calls as the last tokens of a reply. Nothing in a name or in arguments becomes a control token. */
    int[] tokens(List<ToolCall> calls);

    /** Returns the builder of prompts from the outputs of calls, in the order of the calls. */
    PromptBuilder<List<String>> outputs();
}
