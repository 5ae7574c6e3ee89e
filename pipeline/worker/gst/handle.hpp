#pragma once

#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include "base/glib/handle.hpp"

namespace tongke::pipeline::worker::gst {

/// The GLib border's deleter, extended by GStreamer's mini objects.
struct Release : base::glib::Release {
  using base::glib::Release::operator();
  void operator()(GstCaps* p) const noexcept { gst_caps_unref(p); }
  void operator()(GstSample* p) const noexcept { gst_sample_unref(p); }
  void operator()(GstBuffer* p) const noexcept { gst_buffer_unref(p); }
  void operator()(GstMessage* p) const noexcept { gst_message_unref(p); }
  void operator()(GstElement* p) const noexcept { gst_object_unref(p); }
  void operator()(GstPad* p) const noexcept { gst_object_unref(p); }
  void operator()(GstBus* p) const noexcept { gst_object_unref(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Release>;

/// Takes over a floating reference, as factory functions return.
template <class T>
[[nodiscard]] Handle<T> sink(T* floating) noexcept {
  return Handle<T>(floating ? static_cast<T*>(gst_object_ref_sink(floating)) : nullptr);
}

/// A buffer's bytes, mapped for reading as long as this lives.
class MappedBuffer {
 public:
  explicit MappedBuffer(GstBuffer* buffer) noexcept
      : buffer_(buffer), mapped_(gst_buffer_map(buffer, &info_, GST_MAP_READ) != FALSE) {}
  ~MappedBuffer() {
    if (mapped_) gst_buffer_unmap(buffer_, &info_);
  }
  MappedBuffer(const MappedBuffer&) = delete;
  MappedBuffer& operator=(const MappedBuffer&) = delete;

  [[nodiscard]] const std::uint8_t* begin() const noexcept { return mapped_ ? info_.data : nullptr; }
  [[nodiscard]] const std::uint8_t* end() const noexcept {
    return mapped_ ? info_.data + info_.size : nullptr;
  }

 private:
  GstBuffer* buffer_;
  GstMapInfo info_{};
  bool mapped_;
};

}  // namespace tongke::pipeline::worker::gst
