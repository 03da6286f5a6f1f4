package sparrow.server.realtime;

import java.util.Optional;
import java.util.function.Predicate;
import sparrow.engine.interleave.Unit;
import sparrow.models.Window;

/**
 * The facts of the model that a session needs.
 *
 * @param id what clients call it
 * @param layers of its language model
 * @param contextLength positions of its context
 * @param speechUnitsPerSecond units of a second of its speech, tokens or frames
 * @param sounds whether a unit becomes sound; the frame that ends speech does not
 * @param rateHz of its speech
 * @param callsTools whether it calls any
 * @param leftOut the line for a client whose instructions are left out; none if the model obeys them
 * @param window what is forgotten when the conversation is long
 */
record ModelInfo(
        String id,
        int layers,
        int contextLength,
        double speechUnitsPerSecond,
        Predicate<Unit> sounds,
        int rateHz,
        boolean callsTools,
        Optional<String> leftOut,
        Window window) {}
