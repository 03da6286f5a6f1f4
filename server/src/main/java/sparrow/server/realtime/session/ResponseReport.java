package sparrow.server.realtime.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.ServerEvent.InputDetails;
import sparrow.server.realtime.event.ServerEvent.OutputDetails;
import sparrow.server.realtime.event.ServerEvent.Usage;

/** Creates the report that is sent at the end of a response. */
final class ResponseReport {
    private ResponseReport() {}

    /** Returns the recording that is to be answered, or empty if the question is not a recording. */
    static Optional<Recording> question(List<Item> items) {
        Optional<Recording> question = Optional.empty();
        for (Item item : items) {
            if (item instanceof Item.FunctionOutput) question = Optional.empty();
            for (Content part : item.parts()) {
                if (part instanceof Recording recording) question = Optional.of(recording);
                else if (part instanceof Content.InputText) question = Optional.empty();
            }
        }
        return question;
    }

    /** Returns the client's and the server's metadata. The time of the first audio is 0 if no audio was sent. */
    static Map<String, String> metadata(
            ResponseSetup setup, Optional<String> caution, int layers, long firstAudio, Optional<PooledReply> reply) {
        Map<String, String> all = new LinkedHashMap<>(setup.metadata());
        all.put("sparrow_exit", setup.config().plan().toString());
        caution.ifPresent(line -> all.put("sparrow_caution", line));
        reply.ifPresent(done -> {
            double saved = DepthSummary.of(done.reply(), layers).depthSaved();
            int evicted = done.prompt().evicted();
            if (evicted > 0) all.put("sparrow_evicted", Integer.toString(evicted));
            if (Double.isFinite(saved)) all.put("sparrow_depth_saved", String.format(Locale.ROOT, "%.4f", saved));
            done.understood().ifPresent(understood -> all.put("sparrow_understood", Boolean.toString(understood)));
            done.reply()
                    .confidence()
                    .ifPresent(lowest -> all.put("sparrow_confidence", String.format(Locale.ROOT, "%.4f", lowest)));
            verified(done.reply(), all);
            if (done.reply().stop() == StopReason.RUNAWAY) {
                Runaway.Kind what = done.reply().runaway().orElseThrow().kind();
                all.put("sparrow_runaway", what.name().toLowerCase(Locale.ROOT));
            }
        });
        if (firstAudio != 0) {
            all.put("sparrow_first_audio_ms", Long.toString((firstAudio - setup.since()) / 1_000_000));
        }
        return all;
    }

    /** Adds the statistics of verified early tokens and of drafts. */
    private static void verified(Reply reply, Map<String, String> all) {
        EarlyTokenAgreement agreement = reply.agreement();
        if (agreement.checked() > 0) {
            all.put("sparrow_early_checked", Long.toString(agreement.checked()));
            all.put("sparrow_early_agreed", Long.toString(agreement.agreed()));
        }
        ComputeStats.Share compute = reply.compute().total();
        if (compute.drafted() > 0) {
            all.put("sparrow_drafted", Integer.toString(compute.drafted()));
            all.put("sparrow_accepted", Integer.toString(compute.accepted()));
        }
    }

    /** Returns the number of tokens used by a reply. */
    static Usage usage(PooledReply reply) {
        int text = (int) reply.reply().steps().stream()
                .filter(step -> step.modality() == Modality.TEXT)
                .count();
        int output = reply.reply().steps().size();
        PromptUse prompt = reply.prompt();
        return new Usage(
                prompt.tokens() + output,
                prompt.tokens(),
                output,
                new InputDetails(prompt.tokens() - prompt.audio(), prompt.audio(), prompt.cached()),
                new OutputDetails(text, output - text));
    }
}
