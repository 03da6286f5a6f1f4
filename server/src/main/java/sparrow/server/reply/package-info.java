/**
 * Requests to the model and its replies, for all protocols. {@link sparrow.server.reply.ServedModel} is the model with
 * its defaults, {@link sparrow.server.reply.RequestOverrides} contains the settings of a request, and
 * {@link sparrow.server.reply.ReplyEvent} is an event during the generation of a reply.
 * {@link sparrow.server.reply.Answering} requests the reply to an HTTP request and passes it to a
 * {@link sparrow.server.reply.ReplyWriter}.
 */
package sparrow.server.reply;
