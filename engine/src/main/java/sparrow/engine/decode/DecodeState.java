package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.sample.Sampler;
import sparrow.engine.transformer.State;
import sparrow.engine.unit.OutputHead;

/**
 * The state of a reply under way: the modality that comes next, the ids that count as seen, the last unit. A {@link Commitment} reads
 * it, and takes it back to a {@link Checkpoint} where units were drafts.
 *
 * <p>For one thread at a time.
 */
public final class DecodeState {
    private final LanguageModel model;
    private final GenerationConfig config;
    private final Sequence sequence;
    private final List<Unit> forced;
    private final Sampler sampler;
    private final ComputeStats.Counter counter = new ComputeStats.Counter();
    private InterleaveTracker place;
    private Unit last;
    private int count;

    /** True if the last unit has a position. */
    private boolean fed = true;

    /** A state to go back to. */
    public record Checkpoint(InterleaveTracker place, int seen, Unit last, int count) {}

    DecodeState(LanguageModel model, Request request, GenerationConfig config) {
        this.model = model;
        this.config = config;
        this.sequence = request.sequence();
        this.forced = request.forced();
        this.sampler = new Sampler(
                config.sampling().stream(request.stream()), model.tokens().usable(), sequence.ids());
        for (int token : request.prompt()) sampler.observe(token);
        int asked = request.prompt()[request.prompt().length - 1];
        this.place = model.units().begin(asked);
        this.last = new Unit.Token(asked);
    }

    /** The model that decides. */
    public LanguageModel model() {
        return model;
    }

    /** The exit plan of the reply. */
    public ExitPlan plan() {
        return config.plan();
    }

    /** The bounds of the reply. */
    public Limits limits() {
        return config.limits();
    }

    /** The sequence that is continued. */
    public Sequence sequence() {
        return sequence;
    }

    /** The counts of the reply. */
    public ComputeStats.Counter counter() {
        return counter;
    }

    /** The modality of the next unit. */
    public Modality modality() {
        return place.modality();
    }

    /** Place of the next unit in its run of one modality, from 1. */
    public int chunkPosition() {
        return place.chunkPosition();
    }

    int speechTail() {
        return place.speechTail();
    }

    /** The unit accepted last; before the first one the last token of the prompt. */
    public Unit last() {
        return last;
    }

    /** Units accepted. */
    public int count() {
        return count;
    }

    /** The newest position, as a head is asked about it. */
    public OutputHead.Query query() {
        return query(sequence.newest(), modality(), isSpeechOnly(), sequence.length() - 1);
    }

    /**
     * A position, as a head is asked about it.
     *
     * @param position its index in the sequence
     */
    public OutputHead.Query query(State state, Modality modality, boolean speechOnly, int position) {
        return new OutputHead.Query(state, modality, speechOnly, sampler, position);
    }

    /** True if full depth is to choose among speech alone where the newest position stands. */
    public boolean isSpeechOnly() {
        return config.plan().speechLogits() == SpeechLogits.SPEECH && modality() == Modality.SPEECH;
    }

    /** The unit that comes next where a head chose this one: another one under teacher forcing. */
    public Unit forced(Unit chosen) {
        return count < forced.size() ? forced.get(count) : chosen;
    }

    /** Goes on behind a unit. */
    public void accept(Unit unit) {
        if (unit instanceof Unit.Token(int id)) sampler.observe(id);
        place = place.accept(unit);
        last = unit;
        count++;
        fed = false;
    }

    /** Appends the last unit, whose position decides the next one. */
    public void feed() {
        sequence.append(model.units().input(last));
        fed = true;
    }

    boolean isFed() {
        return fed;
    }

    /** The present state, for {@link #rollBack}. */
    public Checkpoint checkpoint() {
        return new Checkpoint(place, sampler.mark(), last, count);
    }

    /** Goes back to an earlier state. */
    public void rollBack(Checkpoint checkpoint) {
        place = checkpoint.place;
        sampler.rollBack(checkpoint.seen);
        last = checkpoint.last;
        count = checkpoint.count;
    }
}
