package sparrow.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.Verification;
import sparrow.engine.sample.Sampling;
import sparrow.engine.unit.SpeechLogits;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;

/** Options of the depth of positions, the choice of tokens and the end of a reply. */
final class DecodeOptions {
    @Option(
            names = "--speech-exit",
            paramLabel = "POLICY",
            description =
                    "Exit policy of speech positions: none, fixed:LAYER, conf:LAYER[,LAYER...]:NATS, even:LAYER, odd:LAYER,"
                            + " triple:LAYER, a pattern of F (full) and E (early) such as FEEF:LAYER,"
                            + " draft:LAYER:N[:NATS] or speculate:N. Default: the model's own, else none.")
    private DepthPolicy speechExit;

    @Option(names = "--text-exit", paramLabel = "POLICY", description = "Exit policy of text positions. Default: none.")
    private DepthPolicy textExit;

    @Mixin
    private SkippedKvOption baseline;

    @Mixin
    private VerifyOption verifyOption;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "Both exit policies from a file that study tune wrote, instead of --text-exit and --speech-exit.")
    private Path policy;

    @Mixin
    private TokenOptions tokenOptions;

    /** The logits that speech positions need. */
    SpeechLogits speechLogits() {
        return tokenOptions.speechLogits();
    }

    /**
     * The exit plan, with the model's own policies for options that were not given.
     *
     * @throws IllegalArgumentException if a file of a policy is not to be used, or not with this model
     * @throws IOException if it cannot be read
     */
    ExitPlan plan(SpokenModel model) throws IOException {
        Optional<PolicyFile> file = policyFile();
        if (file.isPresent()) {
            ExitPlan chosen = file.get().planFor(model.languageModel().transformer());
            return plan(
                    chosen.text(), chosen.speech(), verifyOption.verification().or(() -> wish(chosen)));
        }
        ExitPlan own = model.defaultPlan();
        return plan(
                textExit == null ? own.text() : textExit,
                speechExit == null ? own.speech() : speechExit,
                verifyOption.verification());
    }

    /** Makes the plan in one go: a part of it may be a plan that is refused. */
    private ExitPlan plan(DepthPolicy text, DepthPolicy speech, Optional<Verification> verification) {
        if (verification.isPresent()) return new ExitPlan(text, speech, baseline.skippedKv(), verification.get());
        ExitPlan usual = new ExitPlan(text, speech, baseline.skippedKv());
        return speechLogits() == SpeechLogits.SPEECH ? usual.measuring() : usual;
    }

    /** The verification of a policy file; empty for none, since a measured plan gives the same tokens. */
    private static Optional<Verification> wish(ExitPlan chosen) {
        return Optional.of(chosen.verification()).filter(asked -> asked != Verification.NONE);
    }

    /** A caution in one line about a policy file with this model; empty if there is none. */
    Optional<String> caution(SpokenModel model) throws IOException {
        return policyFile().flatMap(file -> file.caution(model));
    }

    private Optional<PolicyFile> policyFile() throws IOException {
        if (policy == null) return Optional.empty();
        if (speechExit != null || textExit != null) {
            throw new IllegalArgumentException(
                    "--policy: expected without --speech-exit and --text-exit, which it replaces");
        }
        return Optional.of(PolicyFile.read(policy));
    }

    /** The sampling, with the model's own values for options that were not given. */
    Sampling sampling(SpokenModel model) {
        return tokenOptions.sampling(model);
    }

    private Limits limits(SpokenModel model) {
        return tokenOptions.limits(model, true);
    }

    /** The configuration of generation. */
    GenerationConfig config(SpokenModel model) throws IOException {
        return new GenerationConfig(plan(model), sampling(model), limits(model), speechLogits());
    }
}
