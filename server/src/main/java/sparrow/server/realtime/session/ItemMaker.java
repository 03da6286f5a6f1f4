package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sparrow.engine.interleave.Unit;
import sparrow.models.family.ToolCall;
import sparrow.server.audio.AudioDecoder;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.audio.Sound;
import sparrow.server.audio.SoundBuffer;
import sparrow.server.message.Ids;
import sparrow.server.message.LongTexts;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.Recording;

/** Creates items from client messages, and lets the model encode the speech in them. */
final class ItemMaker {
    private static final int MAX_SECONDS = 600;

    private final ConversationBackend model;
    private final KeptAudio kept;
    private final Ids ids;
    private final Listener onHeard;
    private final SessionMemory.Share memory;
    private final SessionMemory.Share texts;

    /** Receives encoded recordings. */
    interface Listener {
        void heard(Content.Key key, Recording recording, Sound sound);
    }

    /** Number of recordings that have not been encoded yet. */
    private int unheard;

    private long unheardSamples;

    /**
     * @param memory the session's share of the memory for audio
     * @param texts the session's share of the memory for its conversation
     * @param onHeard the listener that receives each encoded recording
     */
    ItemMaker(
            ConversationBackend model,
            KeptAudio kept,
            SessionMemory.Share memory,
            SessionMemory.Share texts,
            Ids ids,
            Listener onHeard) {
        this.memory = memory;
        this.texts = texts;
        this.model = model;
        this.kept = kept;
        this.ids = ids;
        this.onHeard = onHeard;
    }

    /** Returns the number of recordings that have not been encoded yet. */
    int unheard() {
        return unheard;
    }

    long unheardSamples() {
        return unheardSamples;
    }

    String newId() {
        return ids.next("item_");
    }

    /**
     * Creates an item from a draft.
     *
     * @param param the draft's place in the client's event
     * @throws RefusedException if the audio or the arguments are invalid, or if the model does not call tools
     */
    Item make(ItemDraft draft, String param, RealtimeFormat format) {
        if (!model.facts().callsTools()) draft.requireNoTools(param);
        String id = draft.id() == null ? newId() : draft.id();
        return switch (draft.type()) {
            case ItemDraft.CALL -> {
                List<Unit> units = model.callUnits(call(draft, param));
                yield new Item.FunctionCall(
                        id, Item.Status.COMPLETED, draft.callId(), draft.name(), draft.arguments(), units);
            }
            case ItemDraft.OUTPUT -> new Item.FunctionOutput(id, Item.Status.COMPLETED, draft.callId(), draft.output());
            default -> message(id, draft, param, format);
        };
    }

    private static ToolCall call(ItemDraft draft, String param) {
        try {
            return new ToolCall(draft.name(), draft.arguments());
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param + ".arguments", param + "." + e.getMessage());
        }
    }

    private Item message(String id, ItemDraft draft, String param, RealtimeFormat format) {
        List<Sound> sounds = new ArrayList<>();
        for (int i = 0; i < draft.content().size(); i++) {
            String audio = draft.content().get(i).audio();
            String at = param + ".content[" + i + "].audio";
            if (audio != null) sounds.add(decode(ClientEvent.sound(audio, at), at, format));
        }
        requireRoom(sounds);
        List<Content> content = new ArrayList<>();
        for (ItemDraft.Part part : draft.content()) {
            content.add(
                    switch (part.type()) {
                        case "input_audio" -> spokenContent(new Content.Key(id, content.size()), sounds.removeFirst());
                        case "output_text" -> new Content.OutputText(part.text(), replyUnits(part.text()));
                        default -> new Content.InputText(part.text());
                    });
        }
        return new Item.Message(id, draft.role(), Item.Status.COMPLETED, content);
    }

    private List<Unit> replyUnits(String text) {
        return LongTexts.run(text.length(), () -> model.replyUnits(text));
    }

    /**
     * Creates the item for a spoken message.
     *
     * @throws RefusedException if there is no memory for the encoded audio
     */
    Item spokenItem(String id, Sound sound) {
        requireRoom(List.of(sound));
        Content content = spokenContent(new Content.Key(id, 0), sound);
        return new Item.Message(id, Item.Role.USER, Item.Status.COMPLETED, List.of(content));
    }

    private void requireRoom(List<Sound> sounds) {
        long bytes = sounds.stream().mapToLong(this::encodedBytes).sum();
        if (!texts.take(bytes)) throw SessionMemory.fullOfQuestions();
    }

    private long encodedBytes(Sound sound) {
        return Math.round(sound.seconds() * model.facts().questionBytesPerSecond());
    }

    private Content spokenContent(Content.Key key, Sound sound) {
        kept.put(key, sound);
        Recording recording = new Recording(sound.seconds(), encodedBytes(sound));
        unheard++;
        unheardSamples += sound.length();
        model.hear(sound, heard -> {
            unheard--;
            unheardSamples -= sound.length();
            recording.heard(heard);
            onHeard.heard(key, recording, sound);
        });
        return recording;
    }

    private Sound decode(byte[] bytes, String param, RealtimeFormat format) {
        double seconds = format.seconds(bytes.length);
        if (seconds > MAX_SECONDS) {
            throw RefusedException.value(
                    param, param + ": expected at most " + MAX_SECONDS + " s, got " + Math.round(seconds) + " s");
        }
        if (!memory.take((long) (seconds * AudioDecoder.RATE_HZ))) throw SessionMemory.full(param);
        AudioDecoder decoder = format.decoder();
        SoundBuffer all = new SoundBuffer(AudioDecoder.RATE_HZ, 0);
        decode(bytes, param, decoder, all::append);
        all.append(decoder.finish());
        if (all.length() == 0) throw RefusedException.value(param, param + ": expected audio, got none");
        // A client may send many recordings of a few samples, and a buffer always has room for a second.
        return all.sound().compact();
    }

    /**
     * Decodes audio.
     *
     * @throws RefusedException if the bytes end within a sample
     */
    static void decode(byte[] bytes, String param, AudioDecoder decoder, Consumer<float[]> samples) {
        try {
            decoder.requireWhole(bytes.length);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(param, param + ": " + e.getMessage());
        }
        decoder.accept(bytes, samples);
    }
}
