package sparrow.server.reply;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.JsonNode;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.Sampling;
import sparrow.models.SpokenModel;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * A client's overrides of the server's defaults. Null selects the default.
 *
 * @param temperature the sampling temperature; 0 is greedy
 * @param topP the probability mass of nucleus sampling
 * @param seed the seed for sampling and for noise in speech generation
 * @param newTokens the maximum number of text and speech tokens in the reply
 * @param exit the exit plan
 */
public record RequestOverrides(Double temperature, Double topP, Long seed, Integer newTokens, ExitPlan exit) {
    /** Maximum number of characters in an exit plan, which is enough for every layer of a large model. */
    private static final int MAX_EXIT_CHARACTERS = 1000;

    /** No overrides. */
    public static final RequestOverrides NONE = new RequestOverrides(null, null, null, null, null);

    /** Returns a copy with a maximum number of tokens. */
    public RequestOverrides withNewTokens(Integer max) {
        return new RequestOverrides(temperature, topP, seed, max, exit);
    }

    /**
     * Returns a copy with the exits in an object {@code sparrow: {exit}}.
     *
     * @param sparrow the object, or null for the default
     * @param param the object's place in the request
     * @throws RefusedException if a key is unknown or the exits are invalid
     */
    public RequestOverrides withExits(JsonNode sparrow, String param) {
        if (sparrow == null || sparrow.isNull()) return this;
        if (!sparrow.isObject())
            throw RefusedException.value(param, param + ": expected an object, got " + Json.shown(sparrow));
        ExitPlan plan = exit;
        for (String key : (Iterable<String>) sparrow::fieldNames) {
            if (!key.equals("exit")) {
                String unknown = param + "." + Json.brief(key);
                throw new RefusedException(
                        "unknown_parameter", unknown, unknown + ": unknown parameter; expected exit");
            }
            plan = read(param + "." + key, sparrow.get(key));
        }
        return new RequestOverrides(temperature, topP, seed, newTokens, plan);
    }

    /** Returns the exits as an object {@code {exit}}. */
    public Exits exits() {
        return new Exits(exit == null ? null : exit.toString());
    }

    /** Exits in command-line notation. */
    public record Exits(String exit) {}

    private static ExitPlan read(String param, JsonNode value) {
        if (value.isNull()) return null;
        if (!value.isTextual() || value.textValue().length() > MAX_EXIT_CHARACTERS) {
            throw RefusedException.value(
                    param, param + ": expected exits such as even:6 or none, got " + Json.shown(value));
        }
        try {
            return ExitPlan.parse(value.textValue());
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, e.getMessage());
        }
    }

    /**
     * Returns the defaults with these overrides.
     *
     * @throws RefusedException if a value is out of range or the model does not support an exit policy
     */
    public GenerationConfig over(GenerationConfig defaults, SpokenModel model) {
        Sampling sampling = defaults.sampling();
        Sampling.Codes codes = sampling.codes();
        Limits limits = defaults.limits();
        ExitPlan plan = requireNonNullElse(exit, defaults.plan());
        try {
            model.languageModel().check(plan);
            return new GenerationConfig(
                    plan,
                    new Sampling(
                            requireNonNullElse(temperature, sampling.temperature()),
                            sampling.topK(),
                            requireNonNullElse(topP, sampling.topP()),
                            sampling.repetitionPenalty(),
                            requireNonNullElse(seed, sampling.seed()),
                            codes.with(requireNonNullElse(temperature, codes.temperature()), codes.topK())),
                    limits.withNewTokens(
                            Math.min(requireNonNullElse(newTokens, limits.newTokens()), limits.newTokens())));
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(null, e.getMessage());
        }
    }
}
