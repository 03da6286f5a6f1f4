package sparrow.models.lfm3;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.models.GoldenRows.assertClose;
import static sparrow.models.GoldenRows.concatenated;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.head.Input;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Logits;
import sparrow.formats.weights.Safetensors;
import sparrow.models.GoldenRows;
import sparrow.models.family.PromptTokens;
import sparrow.models.frame.GoldenUnits;
import sparrow.models.lfm3.Lfm3Pattern.Mode;
import sparrow.models.lfm3.Lfm3Pattern.Use;

/** Whole replies of the golden data, greedy and with recorded orders and draws. */
class GenerationGoldenTest {
    private static final float HIDDEN = 3e-4f;

    private static final List<String> SETS = Lfm3Golden.SETS;

    static Stream<Arguments> runs() {
        return SETS.stream()
                .flatMap(set -> Stream.of(
                                "tts_greedy", "tts_sampled", "mixed_greedy", "mixed_sampled", "speech_in_conversation")
                        .map(name -> Arguments.of(set, name)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("runs")
    void replyIsThatOfLlamaCpp(String set, String name) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        JsonNode run = golden.json("generate").path(name);
        boolean conversation = run.path("conversation").booleanValue();
        Mode mode = Mode.valueOf(run.path("mode").textValue().toUpperCase(Locale.ROOT));
        Sequence sequence = new Sequence(golden.transformer);
        for (int id : GoldenUnits.ints(run.path("prompt_ids"))) sequence.append(new Input.Token(id));

        Replay replay = new Replay(golden, sequence, run.path("audio"), run);
        replay.run(
                golden.pattern(conversation ? Use.CONVERSATION : Use.READING).begin(mode),
                run.path("n").intValue());

        assertThat(replay.events).isEqualTo(GoldenUnits.events(run.path("events")));
        assertThat(replay.end).isEqualTo(run.path("end").textValue());
        assertThat(replay.orders).isEmpty();
        try (Safetensors expected = golden.tensors("lm_decode")) {
            assertClose(
                    "hidden",
                    concatenated(replay.hidden),
                    expected.tensor(name + ".hidden").toFloats(),
                    HIDDEN);
            assertClose(
                    "inputs",
                    concatenated(replay.inputs),
                    expected.tensor(name + ".inputs").toFloats(),
                    1e-6f);
        }
    }

    /** llama.cpp's realtime server: no marker, and the next turn begins with the id that ended the reply. */
    @ParameterizedTest
    @FieldSource("SETS")
    void conversationIsThatOfLlamaCpp(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        JsonNode run = golden.json("generate").path("conversation");
        Sequence sequence = new Sequence(golden.transformer);
        List<float[]> hidden = new ArrayList<>();
        try (Safetensors encoder = golden.tensors("encoder");
                Safetensors expected = golden.tensors("lm_decode")) {
            for (JsonNode turn : run.path("turns")) {
                for (int id : GoldenUnits.ints(turn.path("before"))) sequence.append(new Input.Token(id));
                float[] heard = encoder.tensor(turn.path("heard").textValue() + ".projected")
                        .toFloats();
                for (float[] row :
                        GoldenRows.rows(heard, golden.transformer.config().width())) {
                    sequence.append(new Input.Vector(0, row, 0));
                }
                for (int id : GoldenUnits.ints(turn.path("after"))) sequence.append(new Input.Token(id));

                Replay replay = new Replay(golden, sequence, run.path("audio"), turn);
                replay.run(golden.pattern(Use.CONVERSATION).begin(Mode.TEXT), 200);

                assertThat(replay.events).isEqualTo(GoldenUnits.events(turn.path("events")));
                hidden.addAll(replay.hidden);
            }
            assertClose(
                    "hidden",
                    concatenated(hidden),
                    expected.tensor("conversation.hidden").toFloats(),
                    HIDDEN);
        }
    }

    /** The prompts of a conversation are those of llama.cpp's server, with the marker of the mode at their ends. */
    @ParameterizedTest
    @FieldSource("SETS")
    void promptsAreThoseOfLlamaCppAndAMarker(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        int width = golden.transformer.config().width();
        Lfm3Prompts prompts = Lfm3Prompts.of(golden.tokenizer, golden.tokens, width);
        JsonNode turn =
                golden.json("generate").path("conversation").path("turns").get(1);

        PromptTokens later = prompts.conversation().spoken().later(List.of(new float[3 * width]));

        List<Integer> expected = new ArrayList<>();
        for (int id : GoldenUnits.ints(turn.path("before"))) expected.add(id);
        expected.addAll(Collections.nCopies(3, golden.tokens.start()));
        for (int id : GoldenUnits.ints(turn.path("after"))) expected.add(id);
        expected.add(golden.tokens.mixedStart());
        assertThat(later.ids())
                .containsExactly(expected.stream().mapToInt(id -> id).toArray());
        assertThat(later.embeddings()).extracting(PromptEmbeddings::at).containsExactly(7);
        assertThat(golden.tokenizer.decode(prompts.conversation()
                        .typed()
                        .first("hello", Optional.empty())
                        .ids()))
                .isEqualTo("<|startoftext|><|im_start|>system\nRespond with interleaved text and audio.<|im_end|>\n"
                        + "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n<|mixed_start|>");
        assertThat(golden.tokenizer.decode(prompts.readAloud("English", "female")
                        .first("hello", Optional.empty())
                        .ids()))
                .isEqualTo("<|startoftext|><|im_start|>system\nPerform TTS in English using a female voice.<|im_end|>\n"
                        + "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n<|audio_start|>");
    }

    /** The modes alone: units are taken from two scripts as the tracker asks for them. */
    @ParameterizedTest
    @FieldSource("SETS")
    void modesFollowTheScripts(String set) {
        Lfm3Golden golden = Lfm3Golden.of(set);
        Unit frame = new Unit.Frame(Collections.nCopies(12, 1));
        List<Integer> ended = new ArrayList<>(Collections.nCopies(12, 1));
        // The end of speech may stand in any codebook.
        ended.set(7, golden.units.endCode());
        for (JsonNode script : golden.json("scripted")) {
            Deque<JsonNode> text = new ArrayDeque<>();
            script.path("text").forEach(text::add);
            Deque<JsonNode> frames = new ArrayDeque<>();
            script.path("frames").forEach(frames::add);
            Lfm3Pattern pattern =
                    golden.pattern(script.path("conversation").booleanValue() ? Use.CONVERSATION : Use.READING);
            InterleaveTracker tracker =
                    pattern.begin(Mode.valueOf(script.path("mode").textValue().toUpperCase(Locale.ROOT)));
            for (JsonNode event : script.path("events")) {
                if (event.isTextual() && event.textValue().equals("stop")) {
                    assertThat(tracker.hasEnded()
                                    || pattern.isEnd(script.path("events")
                                            .get(script.path("events").size() - 2)
                                            .asInt()))
                            .as(script.path("name").textValue())
                            .isTrue();
                    break;
                }
                assertThat(tracker.hasEnded()).isFalse();
                JsonNode next = tracker.modality() == Modality.TEXT ? text.removeFirst() : frames.removeFirst();
                assertThat(next).as("%s", script.path("name")).isEqualTo(event);
                tracker = tracker.accept(
                        next.isNumber()
                                ? new Unit.Token(next.intValue())
                                : next.textValue().equals("end") ? new Unit.Frame(ended) : frame);
            }
        }
    }

    /** Decodes a reply step by step as llama.cpp does. */
    private static final class Replay {
        private final Lfm3Golden golden;
        private final Sequence sequence;
        private final double temperature;
        private final int topK;
        private final float penalty;
        private final int lastFrames;
        final Deque<JsonNode> orders = new ArrayDeque<>();
        private final Deque<JsonNode> draws = new ArrayDeque<>();
        private final List<List<Integer>> kept = new ArrayList<>();
        final List<Unit> events = new ArrayList<>();
        final List<float[]> hidden = new ArrayList<>();
        final List<float[]> inputs = new ArrayList<>();
        String end = "n";

        Replay(Lfm3Golden golden, Sequence sequence, JsonNode audio, JsonNode run) {
            this.golden = golden;
            this.sequence = sequence;
            temperature = audio.path("temperature").doubleValue();
            topK = audio.path("top_k").intValue();
            penalty = audio.path("repetition").floatValue();
            lastFrames = audio.path("last_n").intValue();
            run.path("orders").forEach(orders::add);
            run.path("draws").forEach(draws::add);
        }

        void run(InterleaveTracker tracker, int steps) {
            for (int step = 0; step < steps; step++) {
                List<HiddenState> state = List.of(newest());
                Unit unit = tracker.modality() == Modality.TEXT ? text(state) : frame(state);
                tracker = tracker.accept(unit);
                events.add(unit);
                if (golden.units.isEnd(unit) || tracker.hasEnded()) {
                    end = unit instanceof Unit.Token ? "token" : "speech";
                    return;
                }
                Input input = golden.units.input(unit);
                inputs.add(
                        switch (input) {
                            case Input.Token(int id) -> golden.transformer.embed(id);
                            case Input.Vector vector -> vector.values();
                        });
                sequence.append(input);
            }
            newest();
        }

        /** Runs the newest position, and records its state after the final norm. */
        private HiddenState newest() {
            sequence.runPending();
            hidden.add(golden.transformer
                    .newHeadKernel()
                    .inputs(
                            ExitHeads.none(golden.transformer)
                                    .at(golden.layers())
                                    .weights(),
                            List.of(sequence.newest()))
                    .getFirst());
            return sequence.newest();
        }

        private Unit text(List<HiddenState> state) {
            Logits logits = ExitHeads.none(golden.transformer)
                    .at(golden.layers())
                    .logits(golden.transformer.newHeadKernel(), state)
                    .getFirst();
            return new Unit.Token(logits.best(golden.transformer.config().vocabulary()));
        }

        private Unit frame(List<HiddenState> state) {
            float[] front = golden.units.inputs(golden.layers(), state).getFirst();
            int[] order = GoldenUnits.ints(orders.removeFirst());
            Deque<Double> own = new ArrayDeque<>();
            if (!draws.isEmpty()) draws.removeFirst().forEach(draw -> own.add(draw.doubleValue()));
            MaskedPass pass = new MaskedPass(golden.depth());
            int[] codes = new int[12];
            Arrays.fill(codes, MaskedPass.UNKNOWN);
            for (int place = 0; place < 12; place += 4) {
                pass.run(List.of(front), List.of(codes.clone()));
                for (int i = place; i < place + 4; i++) {
                    codes[order[i]] = code(
                            pass.logits(order[i], List.of(0))
                                    .getFirst()
                                    .values()
                                    .clone(),
                            order[i],
                            own);
                }
            }
            List<Integer> frame = Arrays.stream(codes).boxed().toList();
            if (golden.depth().endsSpeech(frame)) {
                return new Unit.Frame(Collections.nCopies(12, golden.depth().endCode()));
            }
            kept.add(frame);
            return new Unit.Frame(frame);
        }

        private int code(float[] logits, int codebook, Deque<Double> own) {
            BitSet seen = new BitSet();
            for (List<Integer> frame : kept.subList(Math.max(0, kept.size() - lastFrames), kept.size())) {
                seen.set(frame.get(codebook));
            }
            seen.stream().forEach(c -> logits[c] = logits[c] > 0 ? logits[c] / penalty : logits[c] * penalty);
            if (temperature <= 0) return Logits.of(logits, null).best(logits.length);
            float[] sorted = logits.clone();
            Arrays.sort(sorted);
            float smallest = topK > 0 && topK < logits.length ? sorted[logits.length - topK] : sorted[0];
            float largest = sorted[logits.length - 1];
            double[] weights = new double[logits.length];
            double total = 0;
            for (int c = 0; c < logits.length; c++) {
                if (logits[c] < smallest) continue;
                weights[c] = Math.exp((logits[c] - largest) / temperature);
                total += weights[c];
            }
            double target = own.removeFirst() * total;
            double sum = 0;
            int last = 0;
            for (int c = 0; c < weights.length; c++) {
                if (weights[c] == 0) continue;
                last = c;
                sum += weights[c];
                if (sum >= target) return c;
            }
            return last;
        }
    }
}
