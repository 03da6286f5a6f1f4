package sparrow.server.chat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.http.Call;

/** Sends a reply when it is whole. */
final class WholeWriter implements ReplyWriter {
    private final Call call;
    private final Reply reply;
    private final Optional<AudioEncoder> sound;
    private final ByteArrayOutputStream audio = new ByteArrayOutputStream();

    WholeWriter(Call call, Reply reply) {
        this.call = call;
        this.reply = reply;
        int rate = reply.served().model().synthesizer().sampleRateHz();
        this.sound = reply.request().audio().map(format -> format.encoder(rate));
    }

    @Override
    public void speech(float[] samples) {
        audio.writeBytes(sound.orElseThrow().accept(samples));
    }

    @Override
    public void end(PooledReply ended) throws IOException {
        reply.keep(ended);
        sound.ifPresent(last -> audio.writeBytes(last.finish()));
        Completion.Message message = sound.isPresent()
                ? new Completion.Message("assistant", null, null, spoken(ended))
                : new Completion.Message("assistant", ended.text(), null, null);
        String finish = Reply.finishReason(ended.reply().stop());
        call.sendJson(200, new Completion(reply.head(), message, finish, reply.usage(ended), reply.depth(ended)));
    }

    private Completion.Audio spoken(PooledReply ended) {
        return new Completion.Audio(
                reply.audioId(),
                Base64.getEncoder().encodeToString(audio.toByteArray()),
                reply.expires().getEpochSecond(),
                ended.text());
    }
}
