package sparrow.engine.decode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import sparrow.engine.head.Input;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.KvCache;
import sparrow.engine.transformer.Position;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.Transformer;

/**
 * A list of tokens with a position for each: keys and values, and the positions that are pending ({@link Position#isPending}). A
 * sequence is used for many replies: the next turn's prompt is appended, or the list is first cut ({@link #truncate}). So the KV cache is
 * a cache of a token list, and a new list costs only the tokens after the prefix that it shares with this one ({@link
 * Request#onCommonPrefix}). This is exact for {@link sparrow.engine.exit.SkippedKv#FILL}; copied or omitted keys and values remain so.
 *
 * <p>{@link #pendingBelow} returns every position that has not gone through a layer. A pass over them fills the missing keys and values of
 * early exits (SPAR-K, section 4.2.3). It also keeps an exit at layer 36 exact if an earlier position exited at layer 30: a later position
 * is never deeper than an earlier one.
 *
 * <p>For one thread at a time, and for one reply.
 */
public final class Sequence {
    private final Transformer transformer;
    private final KvCache cache;
    private final TokenList tokens;

    /** Pending positions, and possibly some that have just finished, in order. */
    private final Deque<Position> pending = new ArrayDeque<>();

    /** States of finished positions, for reuse. */
    private final Deque<HiddenState> spare = new ArrayDeque<>();

    /** Scratch memory for an embedding. */
    private final float[] embedding;

    private Position newest;
    private int length;
    private boolean replying;

    /** An empty sequence of a model. */
    public Sequence(LanguageModel model) {
        this(model.transformer());
    }

    /** An empty sequence of a transformer. */
    public Sequence(Transformer transformer) {
        this(
                transformer,
                transformer.newCache(),
                new TokenList(transformer.config().width()));
    }

    private Sequence(Transformer transformer, KvCache cache, TokenList tokens) {
        this.transformer = transformer;
        this.cache = cache;
        this.tokens = tokens;
        this.embedding = new float[transformer.config().width()];
    }

    /** An independent copy: tokens, keys and values, and pending positions. */
    public Sequence fork() {
        requireIdle();
        Sequence fork = new Sequence(transformer, cache.copy(), tokens.copy());
        for (Position position : pending) {
            fork.newest = position.copy(fork.cache);
            fork.pending.add(fork.newest);
        }
        // The newest of all may be through all layers, and still be asked for its state.
        if (pending.isEmpty() && newest != null) fork.newest = newest.copy(fork.cache);
        fork.length = length;
        return fork;
    }

    /** Positions: the tokens that the model has been fed. */
    public int length() {
        return length;
    }

    /**
     * A copy of the token list. Its last token may have no position yet: a reply decided it last, and it is fed before the next token.
     */
    public int[] tokens() {
        return tokens.toArray();
    }

    /** Tokens of the list, including one that has no position yet. */
    int listLength() {
        return tokens.length();
    }

    /** The keys and values. */
    public KvCache cache() {
        return cache;
    }

    /** Positions that are still pending. */
    public int pending() {
        return (int) pending.stream().filter(Position::isPending).count();
    }

    /** Free positions of the context. */
    public int room() {
        return Math.max(0, transformer.config().contextLength() - tokens.length());
    }

    /**
     * Appends a token as the next position.
     *
     * @throws IllegalArgumentException if the id is outside of the vocabulary
     * @throws IllegalStateException if the context is full
     */
    public void append(int token) {
        transformer.checkToken(token);
        feedUnfed();
        requireRoom();
        HiddenState state = state(new Input.Token(token));
        tokens.add(token);
        add(state);
    }

    /**
     * Appends the next position.
     *
     * @throws IllegalArgumentException if the id of its token is outside of the vocabulary
     * @throws IllegalStateException if the context is full
     */
    public void append(Input input) {
        switch (input) {
            case Input.Token(int token) -> append(token);
            case Input.Vector vector -> append(vector);
        }
    }

    private void append(Input.Vector vector) {
        transformer.checkToken(vector.token());
        feedUnfed();
        requireRoom();
        tokens.add(vector);
        add(state(vector));
    }

    /** Appends a token of a prompt, with its embedding or with the hidden state that replaces it. */
    public void append(int[] prompt, List<PromptEmbeddings> embeddings, int place) {
        int width = transformer.config().width();
        PromptEmbeddings.covering(embeddings, place, width)
                .ifPresentOrElse(
                        states -> append(new Input.Vector(prompt[place], states.values(), states.offset(place, width))),
                        () -> append(prompt[place]));
    }

    /** Adds the last unit of a reply to the list; it has no position yet. */
    void addUnfed(Input input) {
        tokens.add(input);
    }

    private void feedUnfed() {
        if (tokens.length() > length) add(state(tokens.input(length)));
    }

    private HiddenState state(Input input) {
        HiddenState state = memory();
        switch (input) {
            case Input.Token(int token) -> {
                transformer.embed(token, embedding);
                state.write(embedding, 0);
            }
            case Input.Vector(int token, float[] values, int offset) -> state.write(values, offset);
        }
        return state;
    }

    private void add(HiddenState state) {
        newest = new Position(cache, length++, state);
        pending.add(newest);
    }

    private void requireRoom() {
        int most = transformer.config().contextLength();
        if (length >= most) throw new IllegalStateException("the context of " + most + " positions is full");
    }

    /** Returns a state to write to. The newest position's state is reused only now, because it could be read until here. */
    private HiddenState memory() {
        dropFinished();
        if (newest != null && !newest.isPending()) spare.push(newest.state());
        newest = null;
        HiddenState used = spare.poll();
        return used == null ? transformer.state(new float[embedding.length]) : used;
    }

    /** The oldest are the deepest. */
    private void dropFinished() {
        while (!pending.isEmpty() && !pending.peek().isPending()) {
            Position done = pending.poll();
            if (done != newest) spare.push(done.state());
        }
    }

    /**
     * The residual stream of the newest position: after the layer that its last pass ended with. Valid until
     * the next position is appended.
     *
     * @throws IllegalStateException if no position was appended since the sequence was made or cut
     */
    public HiddenState newest() {
        if (newest == null)
            throw new IllegalStateException("the sequence has no newest position: it is empty or was cut");
        return newest.state();
    }

    /**
     * The residual streams of the newest positions in order: at most those that were pending before the last pass.
     *
     * @param count how many, at least one
     */
    public List<HiddenState> newest(int count) {
        if (count == 1) return List.of(newest());
        return pending.stream()
                .filter(position -> position.index() >= length - count)
                .map(Position::state)
                .toList();
    }

    /** The positions that have not gone through {@code layer}, in order; {@link Transformer#forward} takes them there. */
    public List<Position> pendingBelow(int layer) {
        List<Position> below = new ArrayList<>();
        for (Position position : pending) if (position.depth() < layer) below.add(position);
        return below;
    }

    /** Runs every pending position through all layers, in one pass. */
    public void runPending() {
        int layers = transformer.config().layers();
        transformer.forward(pendingBelow(layers), layers);
    }

    /**
     * Removes the last tokens. The rest is as if they had never been there.
     *
     * @param position number of tokens that remain
     * @throws IllegalArgumentException if there are not so many
     * @throws IllegalStateException while a reply is decoded
     */
    public void truncate(int position) {
        requireIdle();
        if (position < 0 || position > tokens.length()) {
            throw new IllegalArgumentException(
                    "position: expected 0 to the " + tokens.length() + " tokens of the sequence, got " + position);
        }
        tokens.truncate(position);
        if (position < length) cut(position);
    }

    /** Removes the last positions of a reply that has not ended: those of units that are not committed. */
    public void rollBack(int position) {
        if (position >= length) return;
        tokens.truncate(position);
        cut(position);
    }

    private void cut(int position) {
        while (!pending.isEmpty() && pending.peekLast().index() >= position) {
            spare.push(pending.pollLast().state());
        }
        newest = pending.peekLast();
        cache.truncate(position);
        length = position;
    }

    /**
     * Removes all tokens but some, which move together. Pending positions are run first. The retained keys and values were computed while
     * the removed tokens were visible, so this is an approximation; {@link #truncate} and a prefill are exact.
     *
     * @param kept tokens that remain, as ascending spans; if they are the first ones, this is {@link #truncate}
     * @throws IllegalArgumentException if they are not among those of the sequence
     * @throws IllegalStateException while a reply is decoded, or where positions were omitted
     *     ({@link sparrow.engine.exit.SkippedKv#OMIT})
     */
    public void retain(List<Span> kept) {
        requireIdle();
        Span.check(kept, tokens.length());
        truncate(kept.isEmpty() ? 0 : kept.getLast().end());
        if (leading(kept) == tokens.length()) return;
        runPending();
        // The last token may have no position; it is fed later, at its new index.
        List<Span> fed = Span.within(kept, length);
        cache.retain(fed, transformer.config().rope());
        dropFinished();
        if (newest != null) spare.push(newest.state());
        newest = null;
        tokens.retain(kept);
        length = Span.length(fed);
    }

    /** Retained tokens before the first gap. */
    private static int leading(List<Span> kept) {
        int end = 0;
        for (Span span : kept) {
            if (span.first() != end) break;
            end = span.end();
        }
        return end;
    }

    /** The number of leading positions that another token list has too, vectors in place of embeddings included. */
    public int commonPrefix(int[] others, List<PromptEmbeddings> embeddings) {
        return Math.min(length, tokens.commonPrefix(others, embeddings));
    }

    /** The ids of the list: what a repetition penalty counts, prompts included. */
    BitSet ids() {
        return tokens.ids();
    }

    /** Channels of a position. */
    int width() {
        return transformer.config().width();
    }

    /**
     * Begins a reply; there is one at a time.
     *
     * @throws IllegalArgumentException if the sequence is of another transformer
     */
    void beginReply(Transformer of) {
        if (of != transformer)
            throw new IllegalArgumentException("sequence: expected one of this model, got another's");
        requireIdle();
        replying = true;
    }

    void endReply() {
        replying = false;
    }

    private void requireIdle() {
        if (replying) throw new IllegalStateException("the last reply of the sequence has not ended");
    }
}
