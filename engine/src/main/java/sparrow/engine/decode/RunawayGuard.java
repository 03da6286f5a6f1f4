package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Watches one reply as its {@link Guard} says. For one thread at a time. */
final class RunawayGuard {
    /** Null where nothing is watched. */
    private final RunawayWatch watch;

    private final List<Runaway> found = new ArrayList<>();

    RunawayGuard(Guard guard, LanguageModel model) {
        boolean off = guard.reaction() == Guard.Reaction.OFF;
        this.watch = off ? null : new RunawayWatch(guard, model.tokens(), model.characters());
    }

    /**
     * Takes note of the next token of the reply.
     *
     * @param textHasEnded whether only speech is expected behind it
     * @return whether the reply has run away
     */
    boolean hasRunAway(int token, boolean textHasEnded) {
        if (watch == null) return false;
        Optional<Runaway> runaway = watch.accept(token, textHasEnded);
        runaway.ifPresent(found::add);
        return runaway.isPresent();
    }

    /** What was found so far, in its order. */
    List<Runaway> found() {
        return List.copyOf(found);
    }
}
