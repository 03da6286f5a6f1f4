package sparrow.app.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.Limits;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Unit;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.models.chat.Window;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.SpeechMode;
import sparrow.speech.vocode.Noise;

/**
 * Computes the stages between a spoken question and a greedy reply as named matrices, for comparison with another
 * implementation.
 */
final class QuestionStages {
    private final SpokenModel model;
    private final Question.Spoken question;
    private final Question encoded;
    private final Prompt prompt;

    /** @throws IllegalArgumentException if the model cannot encode the question */
    QuestionStages(SpokenModel model, Question.Spoken question) {
        this.model = model;
        this.question = question;
        this.encoded = model.encode(question);
        this.prompt = model.prompt(encoded, TurnPosition.FIRST);
    }

    /** Returns the encoder's features and output, and the ids of the prompt. */
    Map<String, float[][]> heard() {
        Map<String, float[][]> stages = new LinkedHashMap<>();
        stages.put("mel", model.speechInput().features(question.waveform()).toArray(float[][]::new));
        stages.put(
                "heard",
                switch (encoded) {
                    case Question.Codes(int[] codes, double _) -> column(codes);
                    case Question.Embeddings(List<float[]> pieces, double _) ->
                        pieces.stream().flatMap(this::rows).toArray(float[][]::new);
                    case Question.Spoken _, Question.Typed _, Question.ToolOutputs _, Question.Mixed _ ->
                        throw new AssertionError("encoded: " + encoded);
                });
        stages.put("prompt", column(prompt.tokens()));
        return stages;
    }

    /** Returns the input vectors of layer 1 at all positions of the prompt. */
    List<float[]> inputs() {
        List<float[]> inputs = new ArrayList<>();
        for (int id : prompt.tokens())
            inputs.add(model.languageModel().transformer().embed(id));
        for (PromptEmbeddings states : prompt.embeddings()) {
            List<float[]> rows = rows(states.values()).toList();
            for (int i = 0; i < rows.size(); i++) inputs.set(states.at() + i, rows.get(i));
        }
        return inputs;
    }

    private Stream<float[]> rows(float[] matrix) {
        int width = model.languageModel().width();
        return Stream.iterate(0, at -> at < matrix.length, at -> at + width)
                .map(at -> Arrays.copyOfRange(matrix, at, at + width));
    }

    /** Returns the first {@code max} units of the greedy reply, and their samples if the synthesis uses no noise. */
    Map<String, float[][]> reply(int max) {
        LanguageModel lm = model.languageModel();
        GenerationConfig config = new GenerationConfig(ExitPlan.NONE, Sampling.GREEDY, Limits.newTokens(max));
        List<Unit> units = new Conversation(model, config, Window.of(model), SpeechMode.SILENT)
                .ask(encoded, ReplyListener.NONE)
                .reply()
                .units();
        Map<String, float[][]> stages = new LinkedHashMap<>();
        stages.put("greedy", units.stream().map(unit -> row(unit, lm.units())).toArray(float[][]::new));
        int[] codes = lm.units().synthesized(units);
        boolean speaksInFrames = lm.tokens().codes() == 0;
        if (speaksInFrames && codes.length > 0) {
            stages.put("samples", column(model.synthesizer().synthesize(codes, Noise.seeded(0))));
        }
        return stages;
    }

    /** Returns a frame's codes, or a token's id followed by -1 in the remaining columns. */
    private static float[] row(Unit unit, UnitFormat units) {
        float[] row = new float[units.codebooks()];
        Arrays.fill(row, -1);
        switch (unit) {
            case Unit.Token(int id) -> row[0] = id;
            case Unit.Frame(List<Integer> codes) -> {
                for (int i = 0; i < row.length; i++) row[i] = codes.get(i);
            }
        }
        return row;
    }

    private static float[][] column(int[] values) {
        return Arrays.stream(values).mapToObj(value -> new float[] {value}).toArray(float[][]::new);
    }

    private static float[][] column(float[] values) {
        float[][] column = new float[values.length][];
        for (int i = 0; i < values.length; i++) column[i] = new float[] {values[i]};
        return column;
    }
}
