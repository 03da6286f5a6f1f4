package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Watches one reply as its {@link Guard} says, and knows where it could be taken back to. For one thread at a time.
 */
final class RunawayGuard {
    private final Guard guard;
    private final LanguageModel model;
    private final List<Runaway> found = new ArrayList<>();
    private final List<Border> borders = new ArrayList<>();
    private RunawayWatch watch;

    /**
     * Where a run of text or speech begins.
     *
     * @param step its first step
     * @param before where the tokens had got to
     */
    record Border(int step, Course.Mark before) {}

    RunawayGuard(Guard guard, LanguageModel model) {
        this.guard = guard;
        this.model = model;
        this.watch = watch();
    }

    private RunawayWatch watch() {
        return new RunawayWatch(guard, model.tokens(), model.characters());
    }

    /** Takes note that the next step begins a run of text or speech. */
    void border(int step, Course course) {
        if (guard.reaction() == Guard.Reaction.RETRY && step > 0 && found.isEmpty()) {
            borders.add(new Border(step, course.mark()));
        }
    }

    /**
     * Takes note of the next token of the reply.
     *
     * @param textHasEnded whether only speech is expected behind it
     * @return whether the reply has run away
     */
    boolean hasRunAway(int token, boolean textHasEnded) {
        if (guard.reaction() == Guard.Reaction.OFF) return false;
        Optional<Runaway> runaway = watch.accept(token, textHasEnded);
        runaway.ifPresent(found::add);
        return runaway.isPresent();
    }

    /**
     * Where a reply that has just run away can be taken back to: the last border before the first copy, once, if a position left
     * early since then; full depth may do better there.
     */
    Optional<Border> retreat(List<Step> steps) {
        if (guard.reaction() != Guard.Reaction.RETRY || found.size() != 1) return Optional.empty();
        Runaway runaway = found.getFirst();
        if (runaway.what() == Runaway.Kind.BUDGET) return Optional.empty();
        return borders.reversed().stream()
                .filter(border -> border.step() <= runaway.first())
                .findFirst()
                .filter(border -> steps.subList(border.step(), steps.size()).stream()
                        .anyMatch(step -> step.exitLayer() < model.layers()));
    }

    /** The reply was taken back: these are its tokens now. */
    void startAnew(int[] tokens) {
        watch = watch();
        for (int token : tokens) watch.accept(token, false);
        borders.clear();
    }

    /** Whether the reply was taken back. */
    boolean hasRetried() {
        return !found.isEmpty();
    }

    /** What was found so far, in its order. */
    List<Runaway> found() {
        return List.copyOf(found);
    }
}
