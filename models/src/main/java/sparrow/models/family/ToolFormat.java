package sparrow.models.family;

import java.util.List;

/**
 * Tool calls as the models of a family write and read them. The descriptions of the tools are part of a first prompt
 * ({@link PromptBuilder#first(Object, java.util.Optional, List)}).
 *
 * <p>Safe for several threads.
 */
public interface ToolFormat {
    /** The text token that begins a call in a reply. */
    int begin();

    /** The text token that ends a call. */
    int end();

    /**
     * The call that stands between the two.
     *
     * @throws IllegalArgumentException in one line if the text is no call
     */
    ToolCall parse(String text);

    /** Calls as tokens of a reply, behind what it says. Nothing in a name or in arguments becomes a control token. */
    int[] tokens(List<ToolCall> calls);

    /** Prompts of the outputs of calls, in the order of the calls. */
    PromptBuilder<List<String>> outputs();
}
