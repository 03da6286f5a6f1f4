package sparrow.engine.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import sparrow.engine.transformer.Logits;

/**
 * Chooses the units of one sequence and records previous units for the repetition penalties. A choice's random numbers
 * depend on seed, position and token id ({@link Noise}), but not on earlier choices. A draft and its verification at
 * full depth therefore use the same numbers and choose the same token if their distributions are similar.
 *
 * <p>Instances must be used by one thread at a time.
 */
public final class Sampler {
    private static final BitSet NONE = new BitSet();

    private final Sampling sampling;
    private final int usable;
    private final Distribution distribution;
    private final Distribution codes;
    private final BitSet previous;

    /** Ids that this sampler added to {@link #previous}, in order. A mark contains the number of these ids. */
    private int[] added = new int[16];

    private int addedCount;

    /** Frames of the reply, in order. */
    private final List<SeenFrame> frames = new ArrayList<>();

    /**
     * A frame of the reply and the position that decided it.
     *
     * @param position index in the sequence of the position that decided the frame
     * @param codes code of each codebook
     */
    private record SeenFrame(int position, int[] codes) {}

    /**
     * A state of the sampler that can be restored.
     *
     * @param tokens number of tokens added
     * @param frames number of frames
     */
    public record Mark(int tokens, int frames) {}

    /** Creates a sampler for a new sequence. */
    public Sampler(Sampling sampling, int usable) {
        this(sampling, usable, new BitSet());
    }

    /**
     * Creates a sampler that continues a sequence.
     *
     * @param usable first padding id; this and larger ids are never chosen
     * @param previous ids to which the repetition penalty applies initially; the sampler modifies this set
     */
    public Sampler(Sampling sampling, int usable, BitSet previous) {
        this.sampling = sampling;
        this.usable = usable;
        this.previous = previous;
        this.distribution = new Distribution(sampling);
        this.codes = new Distribution(
                new Sampling(sampling.codes().temperature(), sampling.codes().topK(), 1, 1, sampling.seed()));
    }

    /** Records a prompt or reply token for the repetition penalty. */
    public void observe(int token) {
        if (previous.get(token)) return;
        previous.set(token);
        if (addedCount == added.length) added = Arrays.copyOf(added, 2 * addedCount);
        added[addedCount++] = token;
    }

    /**
     * Records a frame of the reply for the repetition penalty of codes.
     *
     * @param position index in the sequence of the position that decided the frame
     * @param codes code of each codebook
     */
    public void observeFrame(int position, int[] codes) {
        if (sampling.codes().recentFrames() > 0) frames.add(new SeenFrame(position, codes));
    }

    /**
     * Returns each codebook's codes in the recent frames before a position.
     *
     * @param position as in {@link #choose}; frames decided at this or a later position, which are drafts, are not
     *     included
     */
    public List<BitSet> recentCodes(int codebooks, int position) {
        List<BitSet> recent = new ArrayList<>();
        for (int i = 0; i < codebooks; i++) recent.add(new BitSet());
        if (sampling.codes().repetitionPenalty() == 1) return recent;
        int end = frames.size();
        while (end > 0 && frames.get(end - 1).position >= position) end--;
        for (SeenFrame frame : frames.subList(Math.max(0, end - sampling.codes().recentFrames()), end)) {
            for (int i = 0; i < codebooks; i++) recent.get(i).set(frame.codes[i]);
        }
        return recent;
    }

    /** Returns a mark of the current state for {@link #rollBack}. */
    public Mark mark() {
        return new Mark(addedCount, frames.size());
    }

    /**
     * Removes the units recorded since a mark and invalidates later marks.
     *
     * @throws IllegalArgumentException if the mark is not a valid mark of this sampler
     */
    public void rollBack(Mark mark) {
        if (mark.tokens < 0 || mark.tokens > addedCount || mark.frames < 0 || mark.frames > frames.size()) {
            throw new IllegalArgumentException("mark: expected one before " + mark() + ", got " + mark);
        }
        while (addedCount > mark.tokens) previous.clear(added[--addedCount]);
        frames.subList(mark.frames, frames.size()).clear();
    }

    /**
     * Chooses a token id.
     *
     * @param position index in the sequence of the logits' position; greedy choices do not depend on it
     */
    public int choose(Logits logits, int position) {
        if (sampling.greedy()) return largest(logits);
        Noise noise = Noise.at(sampling.seed(), position);
        return draw(logits, distribution(logits), noise::uniform);
    }

    /**
     * Chooses a code of a frame, without padding or repetition penalty.
     *
     * @param logits logits with one row per code
     * @param codebook codebook index, counted from 0; each codebook has different random numbers
     * @param position as in {@link #choose}
     */
    public int chooseCode(Logits logits, int codebook, int position) {
        return chooseCode(logits, codebook, position, NONE);
    }

    /**
     * Chooses a code of a frame with a repetition penalty.
     *
     * @param recent codes to which the penalty applies ({@link #recentCodes})
     */
    public int chooseCode(Logits logits, int codebook, int position, BitSet recent) {
        Logits penalised = recent.isEmpty() ? logits : penalised(logits, recent);
        int rows = logits.values().length;
        if (sampling.codes().greedy()) return penalised.best(rows);
        Noise noise = Noise.at(sampling.seed(), position);
        return draw(penalised, codeDistribution(penalised), row -> noise.uniform(codebook * rows + row));
    }

    private Logits penalised(Logits logits, BitSet recent) {
        float[] scores = logits.values().clone();
        float penalty = (float) sampling.codes().repetitionPenalty();
        recent.stream().forEach(code -> scores[code] = penalised(scores[code], penalty));
        return Logits.of(scores, null);
    }

    private static float penalised(float score, float penalty) {
        return score > 0 ? score / penalty : score * penalty;
    }

    /** Returns the probabilities of codes. The result is valid until the next call. */
    Distribution codeDistribution(Logits logits) {
        float[] values = logits.values();
        System.arraycopy(values, 0, codes.scores(values.length), 0, values.length);
        codes.compute();
        return codes;
    }

    /**
     * Returns the numbers below {@code n} in a random order, which depends only on seed and position.
     *
     * @param position as in {@link #choose}
     */
    public int[] order(int n, int position) {
        Noise noise = Noise.at(sampling.seed(), position);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        for (int i = 0; i < n - 1; i++) {
            // Use negative ids, because the random numbers of codes belong to ids of 0 and above.
            int other = i + (int) (noise.uniform(-1 - i) * (n - i));
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return order;
    }

    /**
     * Returns the probabilities of tokens, one for each row of the logits. The probabilities are valid until the next
     * call.
     */
    Distribution distribution(Logits logits) {
        float[] values = logits.values();
        float[] scores = distribution.scores(values.length);
        for (int row = 0; row < values.length; row++) scores[row] = score(values[row], logits.token(row));
        distribution.compute();
        return distribution;
    }

    /** Returns a token's score after the repetition penalty, or negative infinity for padding. */
    private float score(float score, int token) {
        if (token >= usable) return Float.NEGATIVE_INFINITY;
        if (sampling.repetitionPenalty() == 1 || !previous.get(token)) return score;
        return penalised(score, (float) sampling.repetitionPenalty());
    }

    /**
     * Returns the token with the largest score after the repetition penalty, or the lowest id of several such tokens.
     */
    int largest(Logits logits) {
        if (sampling.repetitionPenalty() >= 1) {
            int best = logits.best(usable);
            // A penalty only lowers scores, so the largest score remains the largest if it has no penalty.
            if (sampling.repetitionPenalty() == 1 || !previous.get(best)) return best;
        }
        float[] values = logits.values();
        int best = 0;
        float bestScore = score(values[0], logits.token(0));
        for (int row = 1; row < values.length; row++) {
            float score = score(values[row], logits.token(row));
            boolean tied = score == bestScore && logits.token(row) < logits.token(best);
            if (score > bestScore || tied) {
                best = row;
                bestScore = score;
            }
        }
        return logits.token(best);
    }

    /**
     * Draws the token with the smallest -ln(u) / p, where u is its random number. The drawn token is the token with the
     * largest ln p + G for Gumbel noise G = -ln(-ln u) (Gumbel-max trick), so each token is drawn with probability p.
     * In other words, each token has an exponential waiting time with rate p, and the earliest token is drawn.
     */
    private static int draw(Logits logits, Distribution rates, IntToDoubleFunction noise) {
        int rows = logits.values().length;
        int first = 0;
        double earliest = Double.POSITIVE_INFINITY;
        for (int row = 0; row < rows; row++) {
            double rate = rates.weight(row);
            if (rate == 0) continue;
            double u = noise.applyAsDouble(logits.token(row));
            // Because -ln u is at least 1 - u, only a few rows require the logarithm.
            if (1 - u > earliest * rate) continue;
            double time = -Math.log(u) / rate;
            boolean tied = time == earliest && logits.token(row) < logits.token(first);
            if (time < earliest || tied) {
                first = row;
                earliest = time;
            }
        }
        return logits.token(first);
    }
}
