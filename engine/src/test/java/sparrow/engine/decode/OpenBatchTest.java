package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.Machine;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.SpeechLogits;
import sparrow.engine.head.Sampling;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.StopReason;
import sparrow.testing.Seeds;

/** Sequences that come and go while others are decoded, each with a configuration of its own. */
@Tag("stack")
class OpenBatchTest {
    @RegisterExtension
    private final Machine machine = new Machine(2);

    static LongStream seeds() {
        return Seeds.drawn(20263);
    }

    /** A sequence of the batch, and what it is to be told alone. */
    private record Guest(Generation generation, Request request, GenerationConfig config, boolean mayLeave) {
        Request again(LanguageModel model) {
            return Request.of(new Sequence(model), request.prompt(), request.embeddings(), 0)
                    .withStream(request.stream());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySequenceGetsWhatItGetsAloneWhoeverComesAndGoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.any(random, machine);
        Decoder decoder = new Decoder(model, config(random, model));
        int coming = random.nextInt(1, 9);
        List<Guest> guests = new ArrayList<>();

        while (guests.size() < coming || !decoder.isIdle()) {
            if (guests.size() < coming && random.nextInt(3) == 0) guests.add(guest(random, model, decoder));
            if (random.nextBoolean()) decoder.prefill(random.nextInt(1, 6));
            if (random.nextBoolean()) decoder.step();
            if (random.nextBoolean()) stepSome(random, decoder, guests);
            for (Guest guest : guests) {
                if (random.nextInt(8) == 0 && guest.mayLeave()) decoder.cancel(guest.generation());
            }
        }

        for (Guest guest : guests) check(model, guest);
    }

    /** Some decide, and prompts of others go along in the same pass. */
    private static void stepSome(SplittableRandom random, Decoder decoder, List<Guest> guests) {
        List<Generation> under = guests.stream()
                .map(Guest::generation)
                .filter(generation -> !generation.hasEnded() && random.nextBoolean())
                .toList();
        List<PromptPiece> pieces = under.stream()
                .filter(generation -> !generation.isPrefilled())
                .map(generation -> new PromptPiece(generation, random.nextInt(1, 6)))
                .toList();
        decoder.step(under.stream().filter(Generation::isPrefilled).toList(), pieces);
    }

    private static Guest guest(SplittableRandom random, LanguageModel model, Decoder decoder) {
        int[] prompt = RandomModel.prompt(random);
        Request request = Request.of(
                        new Sequence(model), prompt, RandomModel.rows(random, prompt.length, model.width()), 0)
                .withStream(random.nextInt(100));
        GenerationConfig config = config(random, model);
        return new Guest(decoder.admit(request, config), request, config, random.nextInt(3) > 0);
    }

    private static GenerationConfig config(SplittableRandom random, LanguageModel model) {
        SkippedKv treatment = RandomModel.suited(SkippedKv.values()[random.nextInt(3)], model);
        return new GenerationConfig(
                RandomModel.plan(random, model.layers(), treatment)
                        .with(random.nextBoolean() ? SpeechLogits.ALL : SpeechLogits.SPEECH),
                random.nextBoolean() ? Sampling.GREEDY : new Sampling(0.8, 20, 0.95, 1.1, random.nextInt(50)),
                Limits.newTokens(random.nextInt(1, 30)));
    }

    private static void check(LanguageModel model, Guest guest) {
        Request again = guest.again(model);
        Reply alone = new Decoder(model, guest.config()).reply(again);
        Reply reply = guest.generation().reply();
        int decided = reply.steps().size();
        if (reply.stop() != StopReason.CANCELLED) {
            assertThat(reply.stop()).isEqualTo(alone.stop());
            assertThat(decided).isEqualTo(alone.steps().size());
        }
        assertThat(reply.units()).isEqualTo(alone.units().subList(0, decided));
        for (int i = 0; i < decided; i++) {
            assertThat(reply.steps().get(i).exitLayer())
                    .isEqualTo(alone.steps().get(i).exitLayer());
        }
        // It can be asked on: what was decided is in the list, whether fed or not.
        int[] held = guest.request().sequence().tokens();
        int[] all = again.sequence().tokens();
        assertThat(held).isEqualTo(Arrays.copyOf(all, held.length));
        if (decided > 0 && reply.stop() != StopReason.END_TOKEN) {
            assertThat(held).hasSize(guest.request().prompt().length + decided);
        }
    }

    @Test
    @Tag("host")
    void bothCancelledAndFinishedRepliesOccurInTheseTests() {
        int cancelled = 0;
        int cancelledInThePrompt = 0;
        int finished = 0;
        for (long seed : Seeds.fixed(20263, 100).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            Decoder decoder = new Decoder(model, config(random, model));
            Guest guest = guest(random, model, decoder);
            decoder.prefill(random.nextInt(1, 10));
            for (int i = random.nextInt(20); i > 0; i--) decoder.step();
            boolean ended = guest.generation().hasEnded();
            decoder.cancel(guest.generation());
            if (ended) finished++;
            else if (guest.generation().isPrefilled()) cancelled++;
            else cancelledInThePrompt++;
        }

        assertThat(List.of(cancelled, cancelledInThePrompt, finished)).allMatch(count -> count > 2);
    }

    @Test
    void aStepRefusesWhatIsNotOfItsBatchOrComesTwice() {
        LanguageModel model = RandomModel.of(new SplittableRandom(1), machine);
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(5));
        Decoder decoder = new Decoder(model, config);
        Generation ready = decoder.admit(Request.of(new Sequence(model), 1, 2));
        Generation prompt = decoder.admit(Request.of(new Sequence(model), 3, 4, 5));
        Generation others = new Decoder(model, config).admit(Request.of(new Sequence(model), 6));
        decoder.prefill(2);

        String replies = "step: expected distinct prefilled replies of this batch that have not ended";
        String prompts = "step: expected distinct prompts of this batch that are not prefilled";
        for (List<Generation> wrong : List.of(List.of(prompt), List.of(others), List.of(ready, ready))) {
            assertThatThrownBy(() -> decoder.step(wrong, List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(replies);
        }
        for (List<Generation> wrong : List.of(List.of(ready), List.of(others), List.of(prompt, prompt))) {
            List<PromptPiece> pieces =
                    wrong.stream().map(one -> new PromptPiece(one, 1)).toList();
            assertThatThrownBy(() -> decoder.step(List.of(ready), pieces))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(prompts);
        }
        // Nothing of it had begun.
        assertThat(ready.steps()).isZero();
        assertThat(prompt.promptLeft()).isEqualTo(3);
        decoder.step(List.of(ready), List.of(new PromptPiece(prompt, 3)));
        assertThat(ready.steps()).isEqualTo(1);
        assertThat(prompt.isPrefilled()).isTrue();
    }

    @Test
    void sequenceHasOneReplyAtATime() {
        LanguageModel model = RandomModel.of(new SplittableRandom(1), machine);
        Decoder decoder = new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(5)));
        Sequence sequence = new Sequence(model);
        Generation first = decoder.admit(Request.of(sequence, 1, 2));

        String busy = "the last reply of the sequence has not ended";
        assertThatThrownBy(() -> decoder.admit(Request.of(sequence, 3))).hasMessage(busy);
        assertThatThrownBy(() -> sequence.truncate(0)).hasMessage(busy);
        assertThatThrownBy(sequence::fork).hasMessage(busy);
        assertThatThrownBy(first::reply).hasMessageStartingWith("the reply has not ended");
        decoder.cancel(first);
        assertThat(first.reply().steps()).isEmpty();
        assertThat(decoder.reply(Request.of(sequence, 3)).steps()).isNotEmpty();
    }

    /** What a listener throws ends the step, and loses no token of the others. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void stepGoesOnAfterAnExceptionOfAListener(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageModel model = RandomModel.of(random, machine);
        GenerationConfig config =
                new GenerationConfig(RandomModel.plan(random, model.layers()), Sampling.GREEDY, Limits.newTokens(12));
        Decoder decoder = new Decoder(model, config);
        List<Request> requests = new ArrayList<>();
        List<Generation> generations = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            requests.add(
                    Request.of(new Sequence(model), RandomModel.prompt(random)).withListener(step -> {
                        if (random.nextInt(4) == 0) throw new IllegalStateException("listener");
                    }));
            generations.add(decoder.admit(requests.getLast()));
        }
        while (decoder.prefill(100) > 0) {}

        while (!decoder.isIdle()) thrown(decoder::step);

        for (int i = 0; i < 3; i++) {
            Reply alone = new Decoder(model, config)
                    .reply(Request.of(new Sequence(model), requests.get(i).prompt()));
            assertThat(generations.get(i).reply().tokens()).isEqualTo(alone.tokens());
        }
    }

    private static Optional<RuntimeException> thrown(Runnable step) {
        try {
            step.run();
            return Optional.empty();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("listener");
            return Optional.of(e);
        }
    }

    /** Several decoders on threads of their own share a model. */
    @Tag("full")
    @Test
    void threadsGetWhatEachGetsAlone() throws InterruptedException {
        for (long seed : seeds().limit(10).toArray()) {
            SplittableRandom random = new SplittableRandom(seed);
            LanguageModel model = RandomModel.of(random, machine);
            GenerationConfig config = new GenerationConfig(
                    RandomModel.plan(random, model.layers()), Sampling.GREEDY, Limits.newTokens(40));
            SharedPrefixes prefixes = new SharedPrefixes(model);
            int[] shared = {1, 2, 3};
            List<int[]> prompts = new ArrayList<>();
            for (int i = 0; i < 8; i++) prompts.add(new int[] {1, 2, 3, 4 + i});
            int[][] replies = new int[8][];
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int guest = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    Request request = Request.of(prefixes.newSequence(shared), prompts.get(guest), List.of(), 3);
                    replies[guest] = new Decoder(model, config).reply(request).tokens();
                }));
            }
            for (Thread thread : threads) thread.join();

            for (int i = 0; i < 8; i++) {
                Request request = Request.of(prefixes.newSequence(shared), prompts.get(i), List.of(), 3);
                assertThat(replies[i])
                        .isEqualTo(new Decoder(model, config).reply(request).tokens());
            }
        }
    }

    @Test
    void sequenceOfAnotherModelIsRefused() {
        LanguageModel model = RandomModel.of(new SplittableRandom(5), machine);
        LanguageModel other = RandomModel.of(new SplittableRandom(5), machine);
        Decoder decoder = new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(5)));
        Sequence sequence = new Sequence(other);

        assertThatThrownBy(() -> decoder.admit(Request.of(sequence, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sequence: expected one of this model, got one of another model");
        sequence.truncate(0); // it is free
    }

    @Test
    void forcedIdsOutsideOfTheVocabularyAreRefusedAtOnce() {
        LanguageModel model = RandomModel.of(new SplittableRandom(5), machine);
        Decoder decoder = new Decoder(model, new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(5)));
        int vocabulary = model.transformer().config().vocabulary();
        for (int wrong : new int[] {-1, vocabulary}) {
            Request request = Request.of(new Sequence(model), 1, 2).withForced(3, wrong);
            assertThatThrownBy(() -> decoder.admit(request))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id: expected 0 to " + (vocabulary - 1) + ", got " + wrong);
        }
    }
}
