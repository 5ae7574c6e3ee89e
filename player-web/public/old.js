// For browsers without ES modules (before 2017): no controls of ours, only the lesson
// itself in the browser's own player. ES5, no dependencies, runs only through `nomodule`.
(function () {
  'use strict';
  var app = document.getElementById('app');
  var link = location.pathname.split('/')[2] || '';

  function say(text) {
    app.textContent = text;
    app.style.cssText = 'padding:24px;font:20px/1.6 sans-serif';
  }

  function show(watch) {
    var video = document.createElement('video');
    video.controls = true;
    video.setAttribute('playsinline', '');
    video.setAttribute('webkit-playsinline', '');
    video.setAttribute('x5-playsinline', '');
    video.style.cssText = 'display:block;width:100%;max-height:80vh;background:#000';
    video.src = watch.hls.master;
    app.textContent = '';
    app.appendChild(video);
    document.title = watch.lesson.title;
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open('GET', '/api/v1/watch/' + encodeURIComponent(link));
    request.onload = function () {
      if (request.status === 404) {
        say('这个链接打不开这堂课，请向老师再要一次链接。 This link does not open a lesson. Please ask your teacher for a new one.');
        return;
      }
      var watch = request.status === 200 ? JSON.parse(request.responseText) : null;
      if (watch && watch.hls && watch.lesson.state !== 'waiting') {
        show(watch);
        return;
      }
      say('还没开始上课，请等一下。 The lesson has not begun yet. Please wait.');
      setTimeout(ask, 5000);
    };
    request.onerror = function () {
      say('连不上，正在重试…… No connection, trying again…');
      setTimeout(ask, 5000);
    };
    request.send();
  }

  ask();
})();
