package sparrow.models.frame;

import sparrow.engine.interleave.InterleaveTracker;

/** The order of text and speech in the replies of a model whose speech is frames. Immutable. */
public interface ReplyPattern {
    /**
     * Creates a tracker for a new reply.
     *
     * @param lastPromptToken last id of the prompt
     */
    InterleaveTracker newTracker(int lastPromptToken);

    /** Returns whether a token always ends a reply. */
    boolean isEnd(int token);

    /** Returns whether text or speech may begin or end at a token, regardless of the pattern's counts. */
    boolean mayBreak(int token);
}
