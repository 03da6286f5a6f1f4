/**
 * Requests to the model and its replies, for all protocols: {@link sparrow.server.reply.ServedModel} is the model and
 * its defaults, {@link sparrow.server.reply.RequestOverrides} the settings of one request, and
 * {@link sparrow.server.reply.ReplyEvent} an event of a reply while it is generated.
 * {@link sparrow.server.reply.Answering} requests the reply to an HTTP request and passes it to a
 * {@link sparrow.server.reply.ReplyWriter}.
 */
package sparrow.server.reply;
