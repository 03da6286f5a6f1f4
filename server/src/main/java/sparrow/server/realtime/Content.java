package sparrow.server.realtime;

/** A part of an item. */
sealed interface Content {
    /** What a user typed, or a system says. */
    record InputText(String text) implements Content {}

    /** What a user said. */
    record InputAudio(Recording recording) implements Content {}

    /**
     * What the model would say.
     *
     * @param ids as they stand in the context; not to be changed
     */
    record OutputText(String text, int[] ids) implements Content {}

    /**
     * What the model said.
     *
     * @param transcript the text of the ids
     * @param ids as they stand in the context; not to be changed
     * @param ms how long it sounds
     */
    record OutputAudio(String transcript, int[] ids, long ms) implements Content {}
}
