#include "relay/webrtc/viewer.hpp"

#include <algorithm>
#include <array>

#include "relay/webrtc/big_endian.hpp"

namespace tongke::relay::webrtc {
namespace {

using pipeline::wire::TrackKind;
using std::chrono::milliseconds;

/// What leaves at once after a quiet moment.
constexpr double kBurst = 32 * 1024;
/// Frames leave faster than they come, so that keyframes do not hold up what follows.
constexpr double kHaste = 2.5;
/// Video that waited longer gives way to the next keyframe.
constexpr milliseconds kMaxWait{2000};
constexpr std::size_t kMaxQueued = 4U << 20U;
/// Who joins is not sent more than takes this long.
constexpr milliseconds kMaxCatchUp{1500};

std::unique_ptr<SendLog> log_for(const Agreement& agreement) {
  const bool agreed = (agreement.video && agreement.video->extensions.transport_cc != 0) ||
                      (agreement.audio && agreement.audio->extensions.transport_cc != 0);
  return agreed ? std::make_unique<SendLog>() : nullptr;
}

}  // namespace

Viewer::Viewer(Session& session, Fanout& fanout, const Setup& setup, Counters& counters)
    : session_(session),
      fanout_(fanout),
      counters_(counters),
      log_(log_for(setup.agreement)),
      limit_(setup.limit),
      controller_(base::Steady::now()) {
  received_ = setup.received;
  const auto& agreement = setup.agreement;
  if (agreement.audio) {
    audio_.emplace(*agreement.audio, setup.ssrcs.audio, agreement.audio->codec.payload_type, log_.get(), 0);
  }
  if (agreement.video) {
    video_.emplace(*agreement.video, setup.ssrcs.video, agreement.video->codec.payload_type, log_.get(),
                   kKept);
    if (agreement.video->rtx)
      rtx_.emplace(*agreement.video, setup.ssrcs.rtx, *agreement.video->rtx, log_.get(), 0);
  }
}

Viewer::~Viewer() {
  fanout_.leave(*this);
  if (connected_) counters_.viewers.Decrement();
}

void Viewer::connected() {
  connected_ = true;
  counters_.viewers.Increment();
  counters_.joined.Increment();
  const auto now = base::Steady::now();
  refilled_ = padded_ = adapted_ = now;
  budget_ = kBurst;
  fanout_.join(*this);
  if (!video_) return;
  target_ = steps().back().rendition;
  targeted_ = now;
  // What has to be made first is waited for with the source's picture.
  const bool waits = fanout_.is_offer(target_) && !fanout_.is_made(target_);
  rendition_ = waits ? fanout_.steps().back().rendition : target_;
  catch_up(now);
}

std::span<const Fanout::Step> Viewer::steps() const {
  const auto& all = fanout_.steps();
  const auto beyond = std::ranges::find_if(all, [this](const auto& step) { return step.rate > limit_; });
  const auto some = static_cast<std::size_t>(beyond - all.begin());
  return std::span(all).first(std::min(all.size(), std::max<std::size_t>(some, 2)));
}

void Viewer::need_keyframe(base::Steady::time_point now) {
  // What is offered has one every segment, and no way to ask for more.
  if (!fanout_.is_offer(rendition_)) fanout_.request_keyframe(now);
}

// From the last keyframe at once: nobody waits for the next one.
void Viewer::catch_up(base::Steady::time_point now) {
  if (rendition_ == Fanout::Step::kNoVideo) return;
  const auto& history = fanout_.history(rendition_);
  std::size_t bytes = 0;
  for (std::size_t i = history.last_key(); i < history.frames().size(); ++i)
    bytes += history.frames()[i]->bytes.size();
  const auto takes = milliseconds(static_cast<std::int64_t>(
      static_cast<double>(bytes) * 8000 / (kHaste * static_cast<double>(controller_.estimate()))));
  if (bytes == 0 || takes > kMaxCatchUp) return need_keyframe(now);
  waiting_for_key_ = false;
  for (std::size_t i = history.last_key(); i < history.frames().size(); ++i)
    enqueue(history.frames()[i], now);
  drain(now, {});
}

void Viewer::enqueue(const FramePtr& frame, base::Steady::time_point now) {
  shown_ = frame->pts;
  queue_bytes_ += frame->bytes.size();
  queue_.push_back({frame, now});
}

void Viewer::video(const FramePtr& frame, const Fanout::Sound& riding, base::Steady::time_point now) {
  if (video_) {
    // What is made anew begins with what has been seen already.
    if (frame->rendition == target_ && target_ != rendition_ && frame->key && frame->pts >= shown_)
      turn_over(now);
    if (rendition_ == Fanout::Step::kNoVideo && target_ == rendition_ && !paused_ &&
        !fanout_.is_offer(frame->rendition)) {
      // Joined before there was any video.
      rendition_ = target_ = frame->rendition;
    }
    const bool mine = frame->rendition == rendition_;
    // A smaller picture comes a moment later than what it is made of: it begins where this one stops.
    if (mine && frame->key && target_ != rendition_ && fanout_.is_offer(target_) && fanout_.is_made(target_))
      gives_way_ = true;
    if (mine && frame->key) waiting_for_key_ = false;
    if (mine && waiting_for_key_) need_keyframe(now);
    if (mine && !waiting_for_key_ && !gives_way_) {
      enqueue(frame, now);
      drain(now, apart(riding));
      return;
    }
  }
  audio(riding);
}

void Viewer::drop_queue() {
  queue_.clear();
  queue_batch_ = queue_bytes_ = 0;
}

// A keyframe needs nothing of what still waits.
void Viewer::turn_over(base::Steady::time_point now) {
  drop_queue();
  rendition_ = target_;
  waiting_for_key_ = gives_way_ = false;
  turned_ = now;
}

void Viewer::refill(base::Steady::time_point now) {
  const double rate = kHaste * static_cast<double>(controller_.estimate()) / 8;
  budget_ = std::min(kBurst, budget_ + rate * std::chrono::duration<double>(now - refilled_).count());
  refilled_ = now;
}

void Viewer::drain(base::Steady::time_point now, std::span<const FramePtr> riding) {
  refill(now);
  std::size_t rode = 0;
  while (!queue_.empty() && budget_ > 0) {
    const FramePtr& frame = queue_.front().frame;
    const auto& batch = frame->batches[queue_batch_];
    const MediaFrame* along = audio_ && riding.size() > rode ? riding[rode].get() : nullptr;
    if (send_batch(*frame, batch, along)) ++rode;
    budget_ -= batch.bytes;
    if (++queue_batch_ < frame->batches.size()) continue;
    queue_batch_ = 0;
    queue_bytes_ -= frame->bytes.size();
    queue_.pop_front();
  }
  send_audio(riding.subspan(rode));
  if (!queue_.empty() && (queue_bytes_ > kMaxQueued || now - queue_.front().since > kMaxWait))
    skip_to_key(now);
}

void Viewer::skip_to_key(base::Steady::time_point now) {
  const auto key = std::find_if(queue_.rbegin(), queue_.rend(), [](const Queued& q) { return q.frame->key; });
  const auto keep = static_cast<std::size_t>(queue_.rend() - key);  // index of the key plus one
  const std::size_t dropped = keep > 1 ? keep - 1 : queue_.size();
  counters_.skipped.Increment(static_cast<double>(dropped));
  for (std::size_t i = 0; i < dropped; ++i) {
    queue_bytes_ -= queue_.front().frame->bytes.size();
    queue_.pop_front();
  }
  queue_batch_ = 0;
  if (!queue_.empty()) {
    queue_.front().since = now;
    return;
  }
  waiting_for_key_ = true;
  need_keyframe(now);
}

// Packets of a message are of one length, but the last may be shorter: that is sound behind a picture, or a
// picture of one small packet behind sound.
/// @return whether `riding` went along
bool Viewer::send_batch(const MediaFrame& frame, const MediaFrame::Batch& batch, const MediaFrame* riding) {
  if (!session_.selected()) return false;
  auto& srtp = *session_.sender();
  auto& port = session_.port();
  const auto moment = OutgoingStream::moment();
  const std::size_t picture = video_->header_size() + batch.payload + srtp.rtp_overhead();
  const std::size_t sound =
      riding != nullptr ? audio_->header_size() + riding->packets.front().size + srtp.rtp_overhead() : 0;
  const bool before = sound > picture && batch.count == 1;
  const std::size_t segment = before ? sound : picture;
  std::uint8_t* out = port.room(segment * (batch.count + 1U) + kSrtpOverhead);
  std::size_t written = before ? write_riding(out, *riding) : 0;
  const std::size_t begin = written;
  for (std::size_t i = batch.first; i < std::size_t{batch.first} + batch.count; ++i)
    written += video_->write(out + written, srtp, frame, i, moment);
  media_bytes_ += written - begin;
  last_rtp_time_ = frame.rtp_time;
  sent(batch.count, written - begin);
  const bool behind = sound > 0 && sound <= segment && !before && written % segment == 0;
  if (behind) written += write_riding(out + written, *riding);
  port.queue(*session_.selected(), written, segment);
  return before || behind;
}

std::size_t Viewer::write_riding(std::uint8_t* out, const MediaFrame& sound) {
  const std::size_t size = audio_->write(out, *session_.sender(), sound, 0, OutgoingStream::moment());
  media_bytes_ += size;
  sent(1, size);
  return size;
}

void Viewer::audio(const Fanout::Sound& sound) { send_audio(apart(sound)); }

std::span<const FramePtr> Viewer::apart(const Fanout::Sound& sound) const {
  const auto& frames = sound.frames;
  const auto joined = [this](const FramePtr& frame) {
    return frame->number < apart_from_ || (thrifty_ && frame->number > apart_until_);
  };
  const auto first = std::ranges::find_if_not(frames, joined);
  const std::span<const FramePtr> own{first, std::find_if(first, frames.end(), joined)};
  return sound.joined && own.size() == frames.size() ? std::span(&sound.joined, 1) : own;
}

void Viewer::audio_group_ended(std::uint32_t last) {
  if (std::exchange(thrifty_, be_thrifty_) == be_thrifty_) return;
  (thrifty_ ? apart_until_ : apart_from_) = thrifty_ ? last : last + 1;
}

void Viewer::send_audio(std::span<const FramePtr> frames) {
  if (!audio_ || !session_.selected()) return;
  auto& srtp = *session_.sender();
  auto& port = session_.port();
  for (std::size_t at = 0; at < frames.size();) {
    const auto& first = frames[at]->packets.front();
    const std::size_t next = at + 1 < frames.size() ? frames[at + 1]->packets.front().size : 0;
    const bool pair = next > 0 && next <= std::size_t{first.size} + UINT8_MAX;
    const std::size_t longest = std::max<std::size_t>(first.size, pair ? next : 0);
    const std::size_t segment = audio_->header_size() + longest + srtp.rtp_overhead();
    const auto moment = OutgoingStream::moment();
    std::uint8_t* out = port.room(2 * segment + kSrtpOverhead);
    std::size_t written =
        audio_->write(out, srtp, *frames[at], 0, moment, static_cast<std::uint8_t>(longest - first.size));
    if (pair) written += audio_->write(out + written, srtp, *frames[at + 1], 0, moment);
    port.queue(*session_.selected(), written, segment);
    media_bytes_ += written;
    sent(pair ? 2 : 1, written);
    at += pair ? 2 : 1;
  }
}

void Viewer::sent(std::size_t packets, std::size_t bytes) {
  counters_.packets.Increment(static_cast<double>(packets));
  counters_.bytes.Increment(static_cast<double>(bytes));
}

void Viewer::pace(base::Steady::time_point now) {
  if (!session_.selected()) return;
  drain(now, {});
  if (padding_ > 0) send_padding(now);
}

// Old packets again where there are some: they fill the line and may even repair something.
void Viewer::send_padding(base::Steady::time_point now) {
  const double seconds = std::min(0.1, std::chrono::duration<double>(now - padded_).count());
  padded_ = now;
  if (!rtx_) return;
  padding_debt_ += static_cast<double>(padding_) / 8 * seconds;
  auto& srtp = *session_.sender();
  auto& port = session_.port();
  for (std::size_t back = 0; padding_debt_ > 0; ++back) {
    std::uint8_t* out = port.room(MediaFrame::kMaxPayload + rtx_->header_size() + 2 + kSrtpOverhead);
    const auto* old = video_->recent(back);
    const auto* frame = old ? fanout_.find(old->rendition, old->frame) : nullptr;
    const auto moment = OutgoingStream::moment();
    const std::size_t size = frame ? rtx_->wrap(out, srtp, *frame, *old, moment)
                                   : rtx_->pad(out, srtp, UINT8_MAX, last_rtp_time_, moment);
    port.queue(*session_.selected(), size, 0);
    padding_debt_ -= static_cast<double>(size);
    sent(1, size);
  }
}

}  // namespace tongke::relay::webrtc
