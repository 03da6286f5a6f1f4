package sparrow.server.realtime;

import java.util.List;
import sparrow.engine.interleave.Unit;

/** A part of an item. */
sealed interface Content {
    /** What a user typed, or a system says. */
    record InputText(String text) implements Content {}

    /** What a user said. */
    record InputAudio(Recording recording) implements Content {}

    /**
     * What the model would say.
     *
     * @param units as they stand in the context
     */
    record OutputText(String text, List<Unit> units) implements Content {}

    /**
     * What the model said.
     *
     * @param transcript the text of the units
     * @param units as they stand in the context
     * @param ms how long it sounds
     */
    record OutputAudio(String transcript, List<Unit> units, long ms) implements Content {}
}
